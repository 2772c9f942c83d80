"""People: organisations and centres, persons and memberships, sign-in, tokens.

An organisation is a buyer, a provider, or both. A person is one and global; she belongs to
organisations through memberships [start, end), each with one role. A provider's people sit in a
centre or a home-based group. Staff sign in with e-mail and password, workers with the code that
their provider gave them and a PIN; phones and programs carry tokens, kept only as hashes.
"""
