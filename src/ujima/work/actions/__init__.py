"""Every write of work: projects and jobs, units, channels, leases, judgments."""
