"""Settings and addresses: where the parts are put together into one site."""
