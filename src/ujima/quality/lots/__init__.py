"""Lots: what a job has delivered, accepted or turned down by a sample that a person checks."""
