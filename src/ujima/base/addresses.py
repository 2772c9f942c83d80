"""From which address a request came, as limits count it. Pure."""

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network


def client_address(peer: str, forwarded: str, proxies: Collection[str]) -> str:
    """The client's address: of whoever connected to us, or, if that is a proxy of ours, the last
    address in X-Forwarded-For that is none. What stands further left anybody may have written.

    An IPv6 address counts as its network of 64 bits, which one subscriber has to herself.
    """
    chain = [*forwarded.split(","), peer] if peer in proxies else [peer]
    for address in reversed(chain):
        if address.strip() not in proxies:
            return _counted(address.strip())
    return _counted(peer)


def _counted(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)
