"""What workers' phones say to the server: lease many, submit many."""
