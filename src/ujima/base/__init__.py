"""The floor: money, ids, refusals, and the PostgreSQL server that everything stands on."""
