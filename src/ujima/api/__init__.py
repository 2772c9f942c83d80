"""The HTTP API, version 1, for buyers' and providers' programs."""
