"""Publications in feeds and indexes: RSS, Atom, lists of links in Markdown, files with front matter.

What a feed is, its content says: XML, Markdown with front matter (as postmortems.app keeps them), or a list
whose lines begin with a link (as danluu/post-mortems does). The network is asked for https addresses only.
"""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST_BYTES = 10_000_000
DEEPEST = 100
"""Elements within each other; a feed has five, the pages that some hold a few dozen."""
_SECONDS = 20
_TAG = re.compile(r"<[^>]*>")
_ENTRY = re.compile(r"^\s*(?:[-*+]\s+)?\[([^\]]+)\]\((https?://(?:[^()\s]|\([^()\s]*\))+)\)[.:,]?\s*(.*)$")
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d+(?:[a-z]{2}_)?/(?=https?:)")
_LINK = re.compile(r"\[([^\]]+)\]\((?:[^()]|\([^()]*\))*\)")
_BASE = "http://www.w3.org/XML/1998/namespace base"
_END_OF_LIST = re.compile(r"^#+\s+(other lists|contributors|analysis)\b", re.IGNORECASE)
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n(.*)\Z", re.DOTALL)
_FIELD = re.compile(r"^(\w+):[ \t]+(.+?)\s*$", re.MULTILINE)
_PUBLISHED = ("source_published_at", "published", "date", "start_time")


@dataclass(frozen=True, slots=True)
class Item:
    """A publication that a feed names."""

    title: str
    url: str
    publisher: str = ""
    published: date | None = None
    summary: str = ""
    feed: str = ""


class FeedError(Exception):
    """Why a feed cannot be read, in one line."""


class NoFeedError(FeedError):
    """What was read is no feed; in a folder such a file is passed over."""


def find_feeds(names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The names, each folder replaced by the files in it; True for those, which may be something else."""
    for name in names:
        if "://" not in name and _is_folder(name):
            yield from ((found, True) for found in _saved(Path(name)))
        else:
            yield name, False


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):  # no lawful name of a file: reading it says why
        return False


def _saved(folder: Path) -> list[str]:
    """All files but hidden ones."""
    return sorted(str(p) for p in folder.rglob("[!.]*") if p.is_file())


def read_feed(name: str) -> list[Item]:
    """The items of an address or a file. Raises FeedError."""
    return parse_feed(fetch(name) if "://" in name else _read(Path(name)), name)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FeedError(f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FeedError(f"cannot be read: {error}") from error


def fetch(url: str, *, secure: bool = True) -> bytes:
    """What an address answers, up to 10 MB; one without encryption if not `secure`. Raises FeedError."""
    lawful = ("https://",) if secure else ("https://", "http://")
    if not url.startswith(lawful):
        raise FeedError("only https is asked for")
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "production-atlas"})
        opener = urllib.request.build_opener(Redirects(lawful))
        with opener.open(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        raise FeedError(f"the server answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:  # the last two of awkward addresses
        raise FeedError(f"no answer: {getattr(error, 'reason', error)}") from error
    if len(data) > MOST_BYTES:
        raise FeedError("has more than 10 MB")
    return data


class Redirects(urllib.request.HTTPRedirectHandler):
    """Judges where a redirect leads before anything is asked there."""

    def __init__(self, lawful: tuple[str, ...]) -> None:
        self.lawful = lawful

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not newurl.startswith(self.lawful):
            raise FeedError(f"leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def parse_feed(data: bytes, name: str) -> list[Item]:
    """The items of a feed's content. Raises FeedError."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")):
        return list(_read_xml(parse_xml(data), name))
    text = data.decode(errors="replace").replace("\r\n", "\n")
    if front := _FRONT.match(text):
        return list(_read_front(front[1], front[2], name))
    items = list(_read_list(text, name))
    if not items and not name.endswith((".md", ".markdown")):
        raise NoFeedError("is neither RSS nor Atom nor a list of links")
    return items


# XML ---------------------------------------------------------------------------------------------


def parse_xml(data: bytes) -> Element:
    """An XML document without entities of its own, which could grow without bounds. Raises FeedError."""
    builder = TreeBuilder()
    depth = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise FeedError(f"is nested more than {DEEPEST} deep")
        builder.start(_local(name), given)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keywords
        return builder.close()
    except (expat.ExpatError, AssertionError, LookupError, ValueError) as error:
        raise FeedError(f"broken XML: {error}") from error


def _refuse_entity(*_: object) -> None:
    raise FeedError("declares entities, which are refused")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _read_xml(root: Element, name: str) -> Iterator[Item]:
    """The items of RSS and the entries of Atom."""
    channel = next(root.iter("channel"), root)
    publisher = _text(channel, "title")
    home = channel.get(_BASE) or root.get(_BASE) or _text(channel, "link") or _href(channel)
    base = resolve(name if "://" in name else "", home)
    for entry in [*root.iter("item"), *root.iter("entry")]:
        if url := _address(entry, base):
            yield Item(
                title=_text(entry, "title") or url,
                url=url,
                publisher=publisher,
                published=_read_date(_text(entry, "pubDate", "published", "updated", "date")),
                summary=_text(entry, "description", "summary", "content")[:600],
                feed=name,
            )


def _text(element: Element | None, *names: str) -> str:
    """The words of the first child of a name that has any."""
    for name in names:
        for child in element if element is not None else ():
            words = " ".join(_TAG.sub(" ", unescape("".join(child.itertext()))).split())
            if child.tag == name and words:
                return words
    return ""


def _address(entry: Element, base: str) -> str:
    """The address of an entry: its link, else the permanent one that names it; empty where it has none."""
    base = resolve(base, entry.get(_BASE, ""))
    link = _text(entry, "link") or _href(entry)
    guid = entry.find("guid")
    lasting = guid is not None and guid.get("isPermaLink", "true") == "true"
    return (link and resolve(base, link)) or (resolve("", _text(entry, "guid")) if lasting else "")


def resolve(base: str, link: str) -> str:
    """A link as an address of the web, relative ones seen from `base`; empty where it is none."""
    try:
        url = urljoin(base, link)
        parts = urlsplit(url)
    except ValueError:
        return ""
    lawful = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"\s", url)
    return url if lawful else ""


def _href(entry: Element) -> str:
    links = [link for link in entry if link.tag == "link" and link.get("href")]
    best = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return (best.get("href") or "") if best is not None else ""


def _read_date(text: str) -> date | None:
    """A day as feeds and front matter write it; None for anything else."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, OverflowError):
        return None


# Markdown ----------------------------------------------------------------------------------------


def _read_front(front: str, body: str, name: str) -> Iterator[Item]:
    fields = {key: value.strip("\"'") for key, value in _FIELD.findall(front)}
    if url := resolve("", fields.get("url", "")):
        said = fields.get("summary") or next((p for p in body.split("\n\n") if p.strip()), "")
        company = fields.get("company", "")
        published = next((fields[key] for key in _PUBLISHED if key in fields), "")
        words = " ".join(said.split())
        title = fields.get("title") or f"{company}: {_first_sentence(words)}".strip(": ")
        yield Item(title or url, url, company, _read_date(published), words[:600], name)


def _read_list(text: str, name: str) -> Iterator[Item]:
    for line in text.split("\n"):
        if _END_OF_LIST.match(line):
            return
        entry = _ENTRY.match(line)
        if entry and resolve("", entry[2]):
            words = " ".join(_LINK.sub(r"\1", entry[3]).replace("*", "").split())
            title = f"{entry[1]}: {_first_sentence(words)}".strip(": ")
            yield Item(title, entry[2], entry[1], None, words[:600], name)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].rstrip(".")[:120]


def unique(items: Iterable[Item]) -> list[Item]:
    """Each address once, the first item that names it."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(plain_url(item.url), item)
    return list(found.values())


def plain_url(url: str) -> str:
    """An address without what does not tell two publications apart.

    That is scheme, `www.` and `about.`, tracking, the fragment, and that it is an archived copy.
    """
    original = _ARCHIVED.sub("", url.strip())
    address = re.sub(r"^https?:/+((www|about)\.)?", "", original).partition("#")[0]
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not re.match(r"utm_|source=|ref=|fbclid=", part)]
    host, slash, rest = path.rstrip("/").partition("/")
    return f"{host.lower()}{slash}{rest}" + (f"?{'&'.join(kept)}" if kept else "")
