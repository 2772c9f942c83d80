"""The PostgreSQL that everything stands on: found, started, reached, kept safe. No Django here."""
