"""Where webhooks may go: https to public addresses. So no subscriber can look into the company's network."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from shared.errors import Error

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# An IPv4 address in the last 32 bits, reached through a translator (RFC 6052).
TRANSLATED = ip_network("64:ff9b::/96")
PORTS = {"https": 443, "http": 80}


class Forbidden(Error):
    """The host has an address webhooks may not go to."""


def wrong_url(url: str) -> str | None:
    """Return what is wrong with the form of a URL, or None."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in PORTS or not host or not url.isascii() or not url.isprintable() or " " in url:
        return "needs to be a URL such as https://shop.example.com/hooks"
    if parts.scheme == "http" and host not in LOOPBACK:
        return "needs https: http is for this machine alone"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "may hold neither a user nor a fragment"
    return None


def port_of(parts: SplitResult) -> int:
    """Return the port of a URL."""
    return parts.port or PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet, whatever it is wrapped in."""
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def addresses(host: str, port: int) -> list[str]:
    """Return every address of a host. Raises OSError when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError(f"{host[:100]} is no host name") from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def permitted(found: Sequence[str], private: bool) -> str:
    """Return the address to connect to. Raises Forbidden when one of them is not public."""
    hidden = [address for address in found if not is_public(address)]
    if hidden and not private:
        raise Forbidden(f"{hidden[0]} is not a public address")
    return found[0]


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
