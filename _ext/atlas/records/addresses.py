"""Addresses: where a link may lead, and what is no address of a publication."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import SplitResult, unquote, urlsplit

from .characters import UNSEEN, named

_DROPPED = re.compile("[\t\n\r]")
"""What browsers drop wherever it stands (URL Standard, 4.4)."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_INSIDE = frozenset(
    "localhost local internal intranet localdomain lan home corp private test invalid".split()
)
"""Last names of hosts that are those of one network or one machine (RFC 2606, 6761, 6762, 8375)."""


def fault_of_link(link: str, *, picture: bool = False) -> str:
    """Why a page must not lead to a link; nothing where it may.

    Lawful are https addresses of a host, mail addresses, and what leads to this site; for a `picture` also
    its data. What browsers drop or decode is dropped and decoded first.
    """
    bare = _DROPPED.sub("", unescape(link)).strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x1f ")
    if hidden := UNSEEN.search(bare):
        return f"holds {named(hidden[0])}"
    scheme = _SCHEME.match(bare)
    if not scheme:
        outside = re.match(r"[/\\]{2}", bare)
        return "names a host and no scheme" if outside else ""
    kind = scheme[1].lower()
    if kind == "mailto" or (picture and _PICTURE.match(bare)):
        return ""
    return _fault_of_web(bare) if kind == "https" else f"has the scheme {kind!r}"


def _fault_of_web(link: str) -> str:
    parts = split(link)
    if parts is None or not parts.hostname:
        return "names no host"
    return "holds a name or a password" if "@" in parts.netloc else ""


def split(link: str) -> SplitResult | None:
    """The parts of an address; None where it has none that can be told."""
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return None
    return parts


def host_of(parts: SplitResult) -> str:
    """The host of an address as names are compared: in small letters, without the dot at its end."""
    return (parts.hostname or "").rstrip(".").lower()


def is_address(text: str) -> bool:
    """True for an http or https address of a host with a dot in its name."""
    parts = split(text)
    return parts is not None and parts.scheme in ("http", "https") and "." in host_of(parts)


def fault_of_public(link: str) -> str:
    """Why an address is none that everybody can open; nothing where it is one."""
    parts = split(link)
    if parts is None or not is_address(link) or re.search(r"[\s\\]", link):
        return "is no http address"
    if "@" in parts.netloc:
        return "holds a name or a password"
    last = host_of(parts).rpartition(".")[2]
    if last in _INSIDE:
        return "is an address of one network or machine"
    return "names its host by a number" if _NUMBER.fullmatch(last) or parts.netloc.startswith("[") else ""


def plain_path(path: str) -> str:
    """A path without what leads nowhere else: `/./`, `//`, `/..`, parameters behind `;`, outer slashes."""
    kept: list[str] = []
    for step in unquote(path).split("/"):
        name = step.partition(";")[0].strip()
        if name == "..":
            kept[-1:] = []
        elif name not in ("", "."):
            kept.append(name)
    return "/".join(kept)
