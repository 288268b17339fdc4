"""Digits in words: which are names, versions, codes, ports and dates, and which are typed figures."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category

from atlas.records.units import find_unit, is_plural

REACH = 200
"""Characters on each side of a number that say what it is."""

_ASCII_DIGIT = re.compile("[0-9]")
_WORD = re.compile(r"(?:[^\s()\[\],;|“”\"'`]|(?<=\d),(?=\d))+")
_AHEAD = re.compile(r"(?:\s+(?:[^\W\d_][\w’'/-]*|[%‰×]))*")

# Years, dates -------------------------------------------------------------------------------------

_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
_CLOCK = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+−-]\d\d:?\d\d)?"
_BEFORE_YEAR = (
    r"in|since|until|till|early|mid|late|by|of|from|to|before|after|between|during|through|year\s+was"
    rf"|[qh][1-4]|spring|summer|autumn|fall|winter|{_MONTHS}"
)
_DATE = re.compile(
    rf"(?<![\w.-])(?:\d{{4}}-\d\d-\d\d(?:{_CLOCK})?|\d{{1,2}}\s+{_MONTHS}(?:\s+{_YEAR})?"
    rf"|{_MONTHS}\s+\d{{1,2}}\b,?(?:\s+{_YEAR})?"
    rf"|(?P<lead>(?:{_BEFORE_YEAR})[\s-]+)(?P<year>{_YEAR}(?:(?:\s*[–-]\s*|\s+(?:and|or|to)\s+){_YEAR})*))(?![\w-])",
    re.IGNORECASE,
)

# Names --------------------------------------------------------------------------------------------

# Words that are names in themselves.
_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{1,5})?",  # an address
        r"(?=.*::)[0-9A-Fa-f:]+(?:/\d{1,3})?",
        r"[1-5][xX]{2}(?:/[1-5][xX]{2})*",  # a class of status codes
        r"(?:8|16|32|64|128|256|512)-bit",
        r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]",  # an availability zone
        r"(?:UTC|GMT)[+−-]\d{1,2}(?::\d\d)?",
        r"(?:code|errno|status|sqlstate)[=:]-?\w{1,5}",
        r"(?=[^=]*[._])\w++(?:\.\w++)*+=\d{1,5}|[a-z]+=[01]",  # a setting, a switch
    )
)
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
_GLUED = re.compile(r"(?P<figure>(?P<letter>[a-oq-z])\d{2,})|[A-Z]\d{4,}")
_LONG = 6  # characters at which a letter with digits is no name
# Words that are names unless they count what follows.
_RANKS = re.compile(
    r"\d{1,3}(?:\.\d+)?(?:st|nd|rd|th)"
    # a version, and not the thousands of 1.400.000
    r"|(?:[\w@/.-]*@)?(?!\d{1,3}(?:\.\d{3})+$)\d+(?:\.\d+){2,}[a-z]?(?:[.+-][A-Za-z][\w.-]*)?"
)
_BEGINS = re.compile(r"[-_/$@#]*[A-Za-z]")
_JOINTS = re.compile(r"[-–—−/:=~<>≤≥≈→×@+.]")
_FIGURE = re.compile(
    r"[:~<>≤≥≈→×@$€£¥]\d|=[\d.]+|(?<!\+)\+\d|[¼-¾⅐-⅟↉]|(?:USD|EUR|GBP|JPY|CHF|CNY|INR)\d", re.IGNORECASE
)
_MEASURED = re.compile(r"(?:[A-Za-z]{4,}(?=\d\d))?\d[\d,]*([^\W\d_]+|%)")
_MULTIPLIERS = frozenset("k m g t mn bn tn thousand million billion trillion dozen hundred".split())

# Counts -------------------------------------------------------------------------------------------

# Nouns of quantity: what an operator counts.
_COUNTED = frozenset(
    """accounts agents alerts apps backends bits blocks brokers buckets bytes cases cells cities clients
    clusters commits companies connections consumers containers cores countries cpus customers
    databases datacenters days deployments deploys devices disks employees engineers entries events
    files hits hosts hours images instances items jobs keys lines machines members messages metrics
    microservices minutes months namespaces nodes objects operations ops orders organisations
    organizations packets pages partitions payments people pods processes producers proxies queries
    racks reads records regions releases replicas repositories requests retries rows seconds series
    servers services sessions shards sites spans streams subscribers tables tasks tenants threads
    tokens topics traces transactions users vcpus visitors vms weeks workers writes years zones""".split()
)
_QUANTITIES = _COUNTED | frozenset(
    """average avg backlog cost count lag latency load max maximum mean median min minimum peak rate size
    throughput total""".split()
)
_STATISTICS = frozenset(
    """average mean median faster slower higher lower larger smaller bigger longer shorter more fewer less
    percent""".split()
)
# Where words of a number end: what follows these is not counted by it.
_STOP = frozenset(
    """a an and as at be before but by can could during each every for from if in into is it its no not of on
    or per so than that the then they this to too under until was we were when where which while who will with
    without""".split()
)
_OBJECTS = frozenset("the its it them this that these those their your our".split())
_WHOLE = re.compile(r"\s+of\s+(?:(?:all|them|these|those)\b|(?:the\s+|its\s+|our\s+|their\s+)?(?P<noun>\w+))")

# Words that announce a number ---------------------------------------------------------------------


class _Announcer(NamedTuple):
    """Words, the form of the number behind them, and whether a noun behind it may make it a count."""

    words: re.Pattern[str]
    form: re.Pattern[str]
    may_count: bool = True


_V = (
    r"(?!\d{1,3}(?:\.\d{3}){2,}$)(?:(?:\d{1,3}|(?:19|20)\d\d)"
    r"(?:-(?:alpha|beta|rc|pre|lts|ce|ee|alpine|slim)[\w.]*)?\+?"
    r"|\d{1,4}(?:\.\d+)+(?:-[A-Za-z][\w.]*)?\+?|\d{1,3}(?:\.\d+)*\.x)"
)
_VERSION = re.compile(rf"{_V}(?:[/–-]{_V})*", re.IGNORECASE)
_CODE = re.compile(r"-?\d{1,5}(?:[/–-]\d{1,5})*|0x[0-9A-Fa-f]+|[0-9A-Z]{5}")
_STATUS = re.compile(r"[1-5]\d\d(?:[/–-][1-5]\d\d)*")
_PORTS = re.compile(r"\d{1,5}(?:[/–-]\d{1,5})*")


def _announcer(words: str, form: str | re.Pattern[str], *, may_count: bool = True) -> _Announcer:
    behind = re.compile(rf"(?<![^\W_])(?:{words})[\s(\[“\"'`:=#≥≤]*$", re.IGNORECASE)
    return _Announcer(behind, re.compile(form), may_count)


_ANNOUNCERS = (
    _announcer(
        r"rfc|cve|sqlstate|errno|exit(?:s|ed)?(?:\s+(?:with|code|status)){0,2}|exits\s+with\s+\d[^.]*\swith",
        _CODE,
        may_count=False,
    ),
    _announcer("layer", "[1-8]", may_count=False),
    _announcer("http", rf"{_STATUS.pattern}|[123](?:\.\d)?"),
    _announcer(r"ports?(?:\s+(?:is|are|was|number))?|tcp|udp", _PORTS),
    _announcer(r"\w*(?:error|exception)|errors|codes?|status|signal", _CODE),
    _announcer(r"(?:answer|return|respond)(?:s|ed)?(?:\s+with)?(?:\s+an?)?", _STATUS),
    _announcer(
        r"(?:versions?|releases?|series|tls|ssl|ipv)(?:\s+(?:before|since|after|until|from))?", _VERSION
    ),
    _announcer(r"(?<!\S)--?[a-z][\w-]*", r"\d+"),  # the flag of a command
)
_STEPS = _announcer("(?:step|section|chapter|figure|table|phase)s?", r"\d{1,2}(?:[/–-]\d{1,2})*")
_ROW = re.compile(
    r"(?:(?<![\w.,])v?\d[\w.+/–-]*(?:\s*,)?\s*(?:(?<=\s)(?:and|or|to|then)\s+(?:with\s+)?)?(?:an?\s+)?)+$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![^\s()\[\],;|“”\"'`≥≤])((?:[^\s()\[\],;|“”\"'`≥≤]++\s++){1,3}+)(?:[≥≤]\s*+)?$")
_PORT = re.compile(r"(?P<host>(?>[\w-]*?[A-Za-z])[\w.-]*+)?:(?P<port>\d{2,5})")
_HOST = re.compile(
    r"[\w-]+(?:\.[\w-]+)+|[\w-]*\d[\w-]*|(?:[\w-]+-)?(?:api|app|backend|broker|cache|database|db|frontend"
    r"|gateway|gw|host|lb|leader|localhost|node|primary|proxy|replica|server|service|svc|web)",
    re.IGNORECASE,
)
_ERROR_CODE = re.compile(r"^[45]\d\d(?=\s)|(?<=\()\d{1,5}(?=: )")
_ASIDE = re.compile(r"(?<!\s)\s*+[(–—:-]++\s*+|[(–—:-]++\s*+")


def typed_digits(text: str, technologies: frozenset[str] = frozenset()) -> list[str]:
    """The words of a label or a sentence that hold a typed figure.

    Lawful are identifiers (`p99`, `us-east-1`, `db.r6g.2xlarge`, `HTTP/2`), addresses, ranks and steps;
    versions behind the lower-cased name of a technology, error codes behind a word such as `HTTP` or `ERROR`,
    and ports. A bare number among these is a figure all the same where a noun of quantity says what it counts
    (`Kafka 40 brokers`), and any number is where it is measured (`Redis 2.4 GB`, `TCP 500 a second`).
    """
    if not _has_number(text):
        return []
    found = [(m[0].rstrip(".:!?…—–"), m.start()) for m in _WORD.finditer(text)]
    return [
        word
        for word, start in found
        if _has_number(word) and not _is_lawful(word, *_around(text, start, start + len(word)), technologies)
    ]


def _has_number(text: str) -> bool:
    if text.isascii():
        return bool(_ASCII_DIGIT.search(text))
    return any(category(char)[0] == "N" for char in text if char.isnumeric())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, cut at a blank where it is long."""
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    return (before if start <= REACH else before.partition(" ")[2]), after


def may_be_version(word: str, text: str) -> bool:
    """True where a typed word could be the version of a technology that is not known yet: “Debian 12”."""
    stands = re.search(rf"[A-Za-z]\w*\s+{re.escape(word)}(?![\w%])(.*)", text, re.DOTALL)
    return bool(stands and _VERSION.fullmatch(word) and not counts(stands[1]))


def without_dates(text: str) -> str:
    """The text without its dates; a year that counts what follows (`of 2000 users`) is none."""

    def kept(date: re.Match[str]) -> str:
        return date[0] if date["year"] and counts(text[date.end() :]) else f"{date['lead'] or ''} "

    return _DATE.sub(kept, text)


def without_codes(symptom: str) -> str:
    """The symptom without the codes of error strings, as in `504 Gateway Time-out` and `(24: Too many`."""

    def kept(code: re.Match[str]) -> str:
        return code[0] if counts(symptom[code.end() :]) else " "

    return _ERROR_CODE.sub(kept, symptom)


def _is_lawful(word: str, before: str, after: str, technologies: frozenset[str]) -> bool:
    """True of a name, and of what is announced and does not count what follows."""
    if _is_foreign(word) or _is_glued(word, after):
        return False
    head = _ROW.sub("", before)
    if _is_name(word) or _announces(_STEPS, word, head):
        return True
    if _is_version(word, head, technologies):
        return not (is_measure(after) if "." in word else counts(_ASIDE.sub(" ", after, count=1)))
    if _RANKS.fullmatch(word) or _is_port(word, technologies):
        return not counts(after)
    rules = [rule for rule in _ANNOUNCERS if _announces(rule, word, head)]
    may_count = all(rule.may_count for rule in rules) and "." not in word
    return bool(rules) and not (counts(after) if may_count else is_measure(after))


def _is_foreign(word: str) -> bool:
    """True of digits of other scripts and of signs that are numbers, but for raised ones (`O(n²)`)."""
    return any(category(c)[0] == "N" and not c.isascii() and c not in _RAISED for c in word)


def _is_glued(word: str, after: str) -> bool:
    """True of a letter in front of a figure, `x5000 users` and `n43000`; false of `p99` and `v14`."""
    found = _GLUED.fullmatch(word)
    if not found or len(found["figure"] or "") >= _LONG:
        return bool(found)
    return is_measure(after) if found["letter"] == "v" else counts(after)


def _is_name(word: str) -> bool:
    """True of what is a name wherever it stands."""
    if _is_quantity(word):
        return False
    if any(name.fullmatch(word) for name in _NAMES):
        return True
    begins = _BEGINS.match(word) and not _FIGURE.search(word)
    return bool(begins) and not any(map(_is_measured, _JOINTS.split(word)))


def _is_quantity(word: str) -> bool:
    """True of `latency500`, `peak-43000` and `max_connections=100`, false of `shard-0042` and `orders-2`."""
    found = re.fullmatch(r"([^\W\d]+(?:[._-][^\W\d]+)*)(?:[_-]?\d\d[\d.]*|=\d+)", word)
    return bool(found) and not _QUANTITIES.isdisjoint(re.split(r"[._-]", found[1].lower() if found else ""))


def _is_measured(part: str) -> bool:
    """True of `50ms`, `2M` and `latency50ms`, false of `2xlarge` and `r6g`."""
    found = _MEASURED.fullmatch(part)
    return bool(found and (find_unit(found[1]) or found[1].lower() in _MULTIPLIERS))


def is_measure(rest: str) -> bool:
    """True where a unit, a rate, a multiplier or a word of statistics follows."""
    first, second = next_words(rest)[:2]
    if first == "times":
        return second != "out"
    rate = "/" in first or (first in ("a", "an", "per") and find_unit(second))
    return bool(rate or find_unit(first) or first.lower() in _MULTIPLIERS | _STATISTICS)


def counts(rest: str) -> bool:
    """True where a number measures, or counts a noun of quantity among the next two words or behind “of”."""
    if is_measure(rest):
        return True
    if whole := _WHOLE.match(rest):
        return not whole["noun"] or whole["noun"].lower() in _COUNTED
    first, second, third = (word.lower() for word in next_words(rest)[:3])
    if first in _COUNTED:
        return second not in _OBJECTS
    if first == "per":
        return True
    return second in _COUNTED and third not in _OBJECTS and not (first in _STOP or is_plural(first))


def next_words(rest: str) -> list[str]:
    """The words up to the next mark or number, and three that are empty."""
    found = _AHEAD.match(rest)
    return [*(found[0].split() if found else []), "", "", ""]


def _announces(rule: _Announcer, word: str, head: str) -> bool:
    form = rule.form.fullmatch(word) and not _is_measured(word)
    return bool(form and rule.words.search(head)) and (rule.form is not _PORTS or _are_ports(word))


def _are_ports(word: str) -> bool:
    return all(int(port) < 2**16 for port in re.split("[/–-]", word))


def _is_port(word: str, technologies: frozenset[str]) -> bool:
    """True of `:6379` and `redis:6379`, false of `users:43000`."""
    found = _PORT.fullmatch(word)
    if not found or not _are_ports(found["port"]):
        return False
    host = found["host"]
    return not host or host.lower() in technologies or bool(_HOST.fullmatch(host))


def _is_version(word: str, head: str, technologies: frozenset[str]) -> bool:
    """True of a version behind the name of a technology, with nothing between them but `≥`."""
    named = _NAMED.search(head)
    words = named[1].lower().split() if named and _VERSION.fullmatch(word) else []
    return any(" ".join(words[-n:]) in technologies for n in (1, 2, 3)[: len(words)])
