"""Every write of people: organisations, invitations, memberships, sign-in, tokens."""
