"""Where the phone can reach this computer, and the certificate of that address."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl

import psutil
import trustme

from livespot.errors import SourceError

_FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
_FAR = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}  # for documents only (RFC 5737, RFC 3849)
_CERTIFICATE_DAYS = 2  # a phone refuses one of more than two years


def reachable_address(wanted: str, family: str) -> str:
    """The address of this computer to serve on.

    wanted: "auto", an address, or the name of an interface. family: "auto", "ipv4" or "ipv6".
    Raises SourceError when there is none.
    """
    families = [_FAMILIES[family]] if family in _FAMILIES else list(_FAMILIES.values())
    if wanted != "auto":
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(wanted))
        interfaces = psutil.net_if_addrs()
        if wanted not in interfaces:
            there_are = f"there are {', '.join(sorted(interfaces))}"
            raise SourceError(f"phone.address: {wanted!r} is neither an address nor an interface; {there_are}")
        for kind in families:
            for there in interfaces[wanted]:
                if there.family == kind and not there.address.startswith("fe80"):  # those need a zone in the address
                    return str(there.address)
        raise SourceError(f"phone.address: {wanted} has no {family if family != 'auto' else 'usable'} address")
    for kind in families:
        with contextlib.suppress(OSError), socket.socket(kind, socket.SOCK_DGRAM) as probe:
            probe.connect((_FAR[kind], 9))  # sends nothing: it only chooses the way out
            return str(probe.getsockname()[0])
    for kind in families:
        for there in (a for group in psutil.net_if_addrs().values() for a in group):
            if there.family == kind and not ipaddress.ip_address(there.address.partition("%")[0]).is_loopback:
                return str(there.address)
    raise SourceError("the phone cannot reach this computer: it is on no network; connect both to the same one")


def in_url(address: str) -> str:
    """An address as it stands in a URL."""
    return f"[{address}]" if ":" in address else address


def secure_context(address: str) -> ssl.SSLContext:
    """A TLS context with a certificate for `address`, made now and kept nowhere."""
    last_day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=_CERTIFICATE_DAYS)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA(organization_name="livespot").issue_cert(address, not_after=last_day).configure_cert(context)
    return context
