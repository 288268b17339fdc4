"""The claim checker: whether the words of a figure still stand where the atlas says that they do.

Each publication is asked for once. Words are compared as a reader sees them: markup, quotes, dashes, case and
blanks do not count. What a page draws by script, and what is no text (PDF), cannot be seen this way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from unicodedata import normalize

from .feeds import FeedError, fetch
from .project import Record

AT_ONCE = 8
_BLOB = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/([0-9a-f]{40}/.+)")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "..."})
_MARKS = re.compile(r"[*_`>\\]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim: `holds`, `missing` (the words were not seen) or `unread` (nothing could be)."""

    id: str
    state: str
    url: str
    words: str
    why: str = ""

    def record(self) -> Record:
        return asdict(self)


def check_claims(atlas: Record, tell: Callable[[str], None]) -> Iterator[Verdict]:
    """A verdict for each fact that quotes its source; `tell` is called with each address that was asked."""
    claims = defaultdict(list)
    for id, fact in atlas["facts"].items():
        if fact["text"] and not fact["derived"]:
            claims[document_of(fact["url"])].append((id, fact["url"], fact["text"]))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for url, answer in zip(claims, pool.map(_ask, claims), strict=True):
            tell(url)
            yield from (_judge(answer, *claim) for claim in claims[url])


def document_of(url: str) -> str:
    """The address to ask: without a fragment, and that of the file itself where it is one at a commit."""
    plain = url.partition("#")[0]
    blob = _BLOB.fullmatch(plain)
    return f"https://raw.githubusercontent.com/{blob[1]}/{blob[2]}" if blob else plain


def words_of(data: bytes) -> str:
    """What a page or file says, as words are compared. Raises FeedError where it is no text."""
    if b"\0" in data[:1000] or data.startswith(b"%PDF"):
        raise FeedError("is no text")
    text = data.decode(errors="replace")
    return plain(_Reader.read(text) if re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE) else text)


def plain(text: str) -> str:
    """Without markup characters, typographic quotes and dashes, case, and with single blanks."""
    return " ".join(_MARKS.sub(" ", normalize("NFKC", text).translate(_SAME)).casefold().split())


class _Reader(HTMLParser):
    """Collects the text of a page but that of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unseen = 0

    @classmethod
    def read(cls, text: str) -> str:
        reader = cls()
        reader.feed(text)
        reader.close()
        return "".join(reader.texts)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.unseen += tag in ("script", "style")
        self.texts.append("" if tag in _INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in ("script", "style")
        self.texts.append("" if tag in _INLINE else " ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.texts.append(data)


_INLINE = frozenset("a abbr b code em i mark small span strong sub sup u wbr".split())


def _ask(url: str) -> str | FeedError:
    try:
        return words_of(fetch(url, secure=False))
    except FeedError as error:
        return error


def _judge(answer: str | FeedError, id: str, url: str, words: str) -> Verdict:
    if isinstance(answer, FeedError):
        return Verdict(id, "unread", url, words, str(answer))
    return Verdict(id, "holds" if plain(words) in answer else "missing", url, words)


def count(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many claims came to each verdict."""
    states = [v.state for v in verdicts]
    return {state: states.count(state) for state in ("holds", "missing", "unread")}
