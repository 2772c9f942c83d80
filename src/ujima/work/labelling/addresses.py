"""Which addresses an image may have: only such as cannot run anything or leave the web."""

import re

#: a browser drops tabs and line breaks inside an address and takes \ for /, so that
#: "java\tscript:" or "/\host" would mean something else than it says; none may stand there
_IMAGE_ADDRESS = re.compile(r"(?:https://[^\s\\/?#\x00-\x20]|/(?!/))[^\s\\\x00-\x20\x7f]*")
#: longer ones are cut by browsers, proxies and servers
MAX_ADDRESS = 2_000


def is_image_address(address: str) -> bool:
    """Whether this is https://host... or a path on this site (one slash, then no other)."""
    return len(address) <= MAX_ADDRESS and _IMAGE_ADDRESS.fullmatch(address) is not None
