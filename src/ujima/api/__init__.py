"""The HTTP API, version 1, for the programs of buyers and providers.

Three ideas: an operation names the power it needs, a POST carries an idempotency key, and every
refusal comes as problem details. docs/api.md shows how to use it.
"""
