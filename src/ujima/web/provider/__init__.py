"""The pages of providers, their operator and their auditors."""
