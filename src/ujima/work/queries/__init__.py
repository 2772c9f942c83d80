"""Every read of work, always for somebody."""
