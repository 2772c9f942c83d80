"""Signing in and out, joining by invitation, choosing an organisation, a language, a secret."""
