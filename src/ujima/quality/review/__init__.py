"""Review: the units that a person had better look at, and what was decided of them."""
