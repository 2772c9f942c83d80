"""The phone's sync: offers, forms, pages of units out; envelopes of answers in.

Plain views over JSON, because they are the busiest addresses of the site: no schema library, no
session, no template. docs/api.md describes what travels.
"""
