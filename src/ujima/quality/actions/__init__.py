"""Every write of quality: beliefs and skills at submit, fits and results."""
