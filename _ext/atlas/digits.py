"""Digits in words: which are names, versions, codes, ports and dates, and which are typed figures."""

from __future__ import annotations

import re
from unicodedata import category

from .units import find_unit, is_plural

_WORD = re.compile(r"(?:[^\s()\[\],;|“”\"'`]|(?<=\d),(?=\d))+")
_AHEAD = re.compile(r"(?:\s+(?:[^\W\d_][\w’'-]*|[%‰×]))*")
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_DATE = re.compile(
    rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}\s+{_MONTHS}(?:\s+\d{{4}})?"
    rf"|{_MONTHS}\s+\d{{1,2}}\b,?(?:\s+\d{{4}})?|(?P<year>(?:19|20)\d\d))\b"
)

# Words that are names in themselves.
_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{1,5})?",  # an address
        r"[1-5][xX]{2}(?:/[1-5][xX]{2})*",  # a class of status codes
        r"\d{1,3}(?:st|nd|rd|th)",  # a rank
        # a version, and not the thousands of 1.400.000
        r"(?:[\w@/.-]*@)?(?!\d{1,3}(?:\.\d{3})+$)\d+(?:\.\d+){2,}[a-z]?(?:[.+-][A-Za-z][\w.-]*)?",
        r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]",  # an availability zone
        r"(?:UTC|GMT)[+−-]\d{1,2}(?::\d\d)?",
        r"(?:code|errno|status|sqlstate)[=:]-?\w{1,5}",
    )
)
_BEGINS = re.compile(r"[-_/$@#]*[A-Za-z]")
_JOINTS = re.compile(r"[-–—−/:=~<>≤≥≈→×@+.]")
_FIGURE = re.compile(
    r"[:=~<>≤≥≈→×@$€£¥]\d|(?<!\+)\+\d|[¼-¾⅐-⅟↉]|(?:USD|EUR|GBP|JPY|CHF|CNY|INR)\d", re.IGNORECASE
)
_MEASURED = re.compile(r"(?:[A-Za-z]{4,}(?=\d\d))?\d[\d,]*([^\W\d_]+|%)")
_MULTIPLIERS = frozenset("k m g t mn bn tn thousand million billion trillion dozen hundred".split())

_PORT = re.compile(r"(?:[\w-]*[A-Za-z][\w.-]*)?:(\d{2,5})")
_CODE = re.compile(r"-?\d{1,5}(?:[/–-]\d{1,5})*|0x[0-9A-Fa-f]+|[0-9A-Z]{5}")
_HTTP = re.compile(r"[1-5]\d\d(?:[/–-][1-5]\d\d)*|[123](?:\.\d)?")
_VERSION = re.compile(
    r"(?:\d{1,3}|(?:19|20)\d\d)(?:-(?:alpha|beta|rc|pre|lts|ce|ee|alpine|slim)[\w.]*)?\+?"
    r"|\d{1,4}(?:\.\d+)+(?:-[A-Za-z][\w.]*)?\+?|\d{1,3}(?:\.\d+)*\.x",
    re.IGNORECASE,
)
_ERROR_CODE = re.compile(r"^[45]\d\d(?=\s)|(?<=\()\d{1,5}(?=: )")
_CODE_WORDS = frozenset("error errno exception code codes status exit sqlstate signal rfc cve".split())
_PORT_WORDS = frozenset("port ports tcp udp".split())
_VERSION_WORDS = frozenset("version versions release releases series tls ssl ipv layer".split())
_SINCE = frozenset("before since after until from".split())
_STEP_WORDS = frozenset("step steps section chapter figure table phase".split())
_IN_A_ROW = frozenset("and or to".split())
# Where words of a number end: what follows these is not counted by it.
_STOP = frozenset(
    """a an and as at be before but by during each every for from if in into is it its no not of on or per so
    than that the then they this to under until was we were when where which while who will with without
    errors responses answers replies pages
    accepts adds allows appears asks begins belongs breaks changes closes comes continues crashes ends fails
    falls fills finds follows gives goes grows handles happens has holds keeps lags leads leaves makes means
    needs opens points reaches refuses rejects returns rises runs says sends serves shows starts stays stops
    takes tells turns waits wants""".split()
)
_OBJECTS = frozenset("the its it them this that these those their your our".split())


def typed_digits(text: str, technologies: frozenset[str] = frozenset()) -> list[str]:
    """The words of a label or a sentence that hold a typed figure.

    Lawful are identifiers (`p99`, `us-east-1`, `db.r6g.2xlarge`, `HTTP/2`), addresses, ranks and steps; and,
    unless the words behind them are what they count (`Kafka 40 brokers`): versions behind the lower-cased
    name of a technology, error codes behind a word such as `HTTP` or `ERROR`, and ports.
    """
    found = [(m[0].rstrip(".:!?…—–"), m.start()) for m in _WORD.finditer(text)]
    words = [word for word, _ in found]
    return [
        word
        for i, (word, start) in enumerate(found)
        if any(category(char)[0] == "N" for char in word)
        and not (_is_name(word) or _is_step(word, words[:i]))
        and (_counts(text[start + len(word) :]) or not _is_announced(word, words[:i], technologies))
    ]


def without_dates(text: str) -> str:
    """The text without its dates; a year that counts what follows (`2000 users`) is none."""

    def kept(date: re.Match[str]) -> str:
        return date[0] if date["year"] and _counts(text[date.end() :]) else " "

    return _DATE.sub(kept, text)


def without_codes(symptom: str) -> str:
    """The symptom without the codes of error strings, as in `504 Gateway Time-out` and `(24: Too many`."""

    def kept(code: re.Match[str]) -> str:
        return code[0] if _counts(symptom[code.end() :]) else " "

    return _ERROR_CODE.sub(kept, symptom)


def _is_name(word: str) -> bool:
    """True of what is a name wherever it stands."""
    if any(name.fullmatch(word) for name in _NAMES):
        return True
    begins = _BEGINS.match(word) and not _FIGURE.search(word)
    return bool(begins) and not any(map(_is_measured, _JOINTS.split(word)))


def _is_step(word: str, before: list[str]) -> bool:
    """True of `2` behind “step”, whatever the step does: “step 5 adds servers”."""
    return bool(re.fullmatch(r"\d{1,2}", word)) and "".join(before[-1:]).lower() in _STEP_WORDS


def _is_measured(part: str) -> bool:
    """True of `50ms`, `2M` and `latency50ms`, false of `2xlarge` and `r6g`."""
    found = _MEASURED.fullmatch(part)
    return bool(found and (find_unit(found[1]) or found[1].lower() in _MULTIPLIERS))


def _counts(rest: str) -> bool:
    """True where a number counts the words behind it: a unit, or a plural among the first two."""
    found = _AHEAD.match(rest)
    words = found[0].split() if found else []
    if words and (find_unit(words[0]) or words[0].lower() in _MULTIPLIERS):
        return True
    for word, following in zip(words[:2], [*words[1:], ""], strict=False):
        if word.lower() in _STOP or following.lower() in _OBJECTS:
            return False
        if is_plural(word):
            return True
    return False


def _is_announced(word: str, before: list[str], technologies: frozenset[str]) -> bool:
    """True of a code, port or version behind a word that says so."""
    port = _PORT.fullmatch(word)
    last = "".join(_head_of_row(before)[-1:]).lower()
    if port or last in _PORT_WORDS:
        return _is_port(port[1] if port else word)
    if last == "http":
        return bool(_HTTP.fullmatch(word))
    if last in _CODE_WORDS or last.endswith(("error", "exception")):
        return bool(_CODE.fullmatch(word)) and not _is_measured(word)
    return _is_version(word, before, technologies)


def _is_port(word: str) -> bool:
    return word.isdecimal() and int(word) < 2**16


def _head_of_row(before: list[str]) -> list[str]:
    """`before` up to the word that announces a row of numbers: HTTP, in “HTTP 502, 503 and 504”."""
    end = len(before)
    while end > 1 and _is_in_row(*before[end - 2 : end]):
        end -= 1
    return before[:end]


def _is_in_row(earlier: str, word: str) -> bool:
    return word[:1].isdecimal() or (word.lower() in _IN_A_ROW and earlier[:1].isdecimal())


def _is_version(word: str, before: list[str], technologies: frozenset[str]) -> bool:
    if not _VERSION.fullmatch(word):
        return False
    earlier, last = (w.lower() for w in ["", "", *before][-2:])
    named = {" ".join(before[-n:]).lower() for n in (1, 2, 3)} & technologies
    return bool(named) or last in _VERSION_WORDS or (last in _SINCE and earlier in _VERSION_WORDS)
