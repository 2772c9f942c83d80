"""Audit: what was done, by whom, for whom; and receipts for writes that are sent twice.

Two ideas: an entry is one append-only row of canonical JSON written in the same transaction as
what it tells of; a receipt binds a principal's idempotency key to what was made under it.
"""
