"""Schema changes, one idea each."""
