"""Flows: stories that cross domains. A flow calls, passes on and defers; rules live below."""
