"""Work: projects, jobs, units, gold, channels, leases, judgments.

A buyer's project holds jobs. A job is a versioned form (instructions and labelling config) over
units; gold units have known answers in a table of their own. A channel offers a job to a provider.
A lease holds a unit for one person until a time; her answer to it is a judgment. Units may be
reserved to named people. A unit is offered while its leases and judgments are fewer than its need.
"""
