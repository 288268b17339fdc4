"""The ledgers: what is read, where it stands, and a planted fault for each rule."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from atlas.records.characters import UNSEEN
from atlas.records.ledgers import LedgerError, append_review, fact_url, read_ledgers
from atlas.records.model import Extent, Fact, Finding, Place, Source, Tier
from atlas.records.plan import Ledgers, Review
from atlas.records.toml import read_document, read_lines
from atlas.rules.table import RULES

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)
SHA = "d2c8a4b91e8c0e6aefd1f5bc0bf582cddbe046b7"
MD5 = "0123456789abcdef0123456789abcdef"

ADDRESS = "https://github.blog/2018-10-30-oct21-post-incident-analysis/"
SOURCES = "source/_data/sources/github.toml"
GITHUB = """\
# What GitHub published.
[oct21]
title     = "October 21 post-incident analysis"
url       = "https://github.blog/2018-10-30-oct21-post-incident-analysis/"
publisher = "GitHub"
tier      = "operator"
published = 2018-10-30
read      = 2026-11-22
extent    = "full"

[oct21.facts]
partition = { value = "43 s", text = "43 seconds", says = "network cut", as_of = 2018-10-21 }
degraded = { value = "24 h 11 min", text = "24 hours and 11 minutes", says = "outage", as_of = 2018-10-22 }
amplification = { derived = "degraded / partition", value = "2,025×", says = "recovery over cause" }
"""
REDIS = f"""\
[networking]
title = "networking.c"
url = "https://github.com/redis/redis"
commit = "{SHA}"
publisher = "Redis"
tier = "code"
read = 2026-11-24
extent = "full"
of = "Redis 7.2"
[networking.facts]
limit = {{ value = "32 MB", text = "32mb 8mb", where = "redis.conf#L2058", says = "s", as_of = 2024-01-09 }}
"""

Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "source"

    return write


def read(root: Path) -> Ledgers:
    return read_ledgers(root, today=TODAY)


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return [(finding.rule, finding.place.line) for finding in findings]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("surces/acme.toml", "_data/sources/NAME.toml"),
        ("sources/deep/acme.toml", "_data/sources/NAME.toml"),
        ("exemption.toml", "_data/exemptions.toml"),
        ("reviews/acme.toml", ""),
        ("exemptions.toml", ""),
        ("inventory/hosts.toml", ""),
    ],
)
def test_a_file_that_nothing_reads_is_seen(write, name, hint):
    found = read(write({f"source/_data/{name}": ""})).findings
    assert [(f.rule, f.hint) for f in found] == [("LEDGER002", f"write it as {hint}")] * bool(hint)


# What is read ---------------------------------------------------------------------------------


def test_a_source_and_its_facts(write):
    ledgers = read(write({SOURCES: GITHUB}))
    assert ledgers.findings == ()
    source = ledgers.sources["github/oct21"]
    assert (source.tier, source.extent, source.place) == (Tier.OPERATOR, Extent.FULL, Place(SOURCES, 2))
    assert [(fact.name, fact.place.line) for fact in source.facts] == [
        ("partition", 12),
        ("degraded", 13),
        ("amplification", 14),
    ]
    fact = ledgers.fact("github/oct21:partition")
    assert fact is not None
    assert fact.quantity is not None
    assert (fact.quantity.low, fact.quantity.unit, fact.as_of) == (43, "s", date(2018, 10, 21))


def test_a_derived_fact_is_as_old_as_the_newest_it_is_derived_from(write):
    fact = read(write({SOURCES: GITHUB})).fact("github/oct21:amplification")
    assert fact is not None
    assert fact.as_of == date(2018, 10, 22)


def test_an_empty_project_is_empty(tmp_path):
    assert read(tmp_path / "source") == Ledgers()


def test_a_folder_that_looks_like_a_ledger_is_passed_over(write):
    root = write({SOURCES: GITHUB})
    (root / "_data/sources/odd.toml").mkdir()
    assert read(root).findings == ()


def test_terms_technologies_reviews_and_exemptions(write):
    review = f"""\
[[review]]
id = "incidents/x"
hash = "{MD5}"
version = "1.0"
when = 2026-11-24T08:00:00+01:00
who = "Ada"
checked = "all figures"
sources = ["github/oct21"]
"""
    root = write(
        {
            "source/_data/glossary/net.toml": '[BGP]\nlong = "Border Gateway Protocol"\nsays = "Routes."\n',
            "source/_data/technologies/db.toml": (
                '[postgresql]\nname = "PostgreSQL"\naliases = ["Postgres", "postgresql"]\n'
                'kind = "database"\nhome = "https://www.postgresql.org/"\n'
                '[redis]\nname = "Redis"\nkind = "store"\nhome = "https://redis.io/"\nhosted = true\n'
            ),
            "source/_data/reviews/incidents.toml": review,
            "source/_data/exemptions.toml": (
                '[[exemption]]\nrule = "GATE002"\ndiagram = "incidents/x"\nreason = "r"\napprover = "a"\n'
                "expires = 2027-01-01\n"
            ),
        }
    )
    ledgers = read(root)
    assert ledgers.findings == ()
    assert ledgers.terms["BGP"].long == "Border Gateway Protocol"
    assert ledgers.technologies["postgresql"].names == ("PostgreSQL", "Postgres", "postgresql")
    assert ledgers.technologies["redis"].place == Place("source/_data/technologies/db.toml", 6)
    assert [ledgers.technologies[t].hosted for t in ("postgresql", "redis")] == [False, True]
    assert ledgers.reviews[0].sources == ("github/oct21",)
    assert ledgers.reviews[0].place.line == 1
    assert ledgers.exemptions[0].expires == date(2027, 1, 1)


def test_specs_change_with_the_pages_that_a_category_stands_under(write):
    categories = "[category]\n" + "".join(
        f'{name} = {{ title = "t", target = 1, phase = 1 }}\n' for name in ("incidents", "patterns")
    )
    files = {
        "source/_data/catalogue/categories.toml": f'{categories}[phase]\n1 = {{ title = "t", target = 1 }}\n'
    }
    root = write(files)
    assert read(root).specs == {}
    write({"source/spec/patterns.md": "# Patterns\n"})
    only = read(root).specs
    assert only.keys() == {"patterns"}
    write({"source/spec/diagrams.md": "# Diagrams\n"})
    both = read(root).specs
    assert both.keys() == {"incidents", "patterns"}
    assert both["patterns"] not in (only["patterns"], both["incidents"])
    (root / "spec/diagrams.md").write_bytes(b"# Diagrams\r\n")
    assert read(root).specs == both


# Lines ----------------------------------------------------------------------------------------

AWKWARD = '''\
# [fake]
top = 1
[oct21] # [no]
title = "a # [b] = c"
other.one = { value = "}", t = [1,
  2] }
words = """
[fake]
k = 1
"""""
list = [
  "x", # ]
  { y = "[" },
]
[ oct21 . facts ]
'quoted key' = { v = "" }
"q\\u00e9.x" = ''
[[entry]]
id = "a"
[[entry]]
id = \'\'\'
[fake]
b\'\'\'
[entry.sub]
z = 1
[[entry.list]]
w = 1
last = [
  1]'''


def test_lines_survive_strings_comments_and_lists():
    tomllib.loads(AWKWARD)
    lines = read_lines(AWKWARD)
    assert lines == {
        ("top",): 2,
        ("oct21",): 3,
        ("oct21", "title"): 4,
        ("oct21", "other"): 5,
        ("oct21", "other", "one"): 5,
        ("oct21", "words"): 7,
        ("oct21", "list"): 11,
        ("oct21", "facts"): 15,
        ("oct21", "facts", "quoted key"): 16,
        ("oct21", "facts", "qé.x"): 17,
        ("entry",): 18,
        ("entry", 0): 18,
        ("entry", 0, "id"): 19,
        ("entry", 1): 20,
        ("entry", 1, "id"): 21,
        ("entry", 1, "sub"): 24,
        ("entry", 1, "sub", "z"): 25,
        ("entry", 1, "list"): 26,
        ("entry", 1, "list", 0): 26,
        ("entry", 1, "list", 0, "w"): 27,
        ("entry", 1, "list", 0, "last"): 28,
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b'[a]\nb = "c\n', 2, "illegal character"),
        (b"[a]\n[a]\n", 2, "cannot declare ('a',) twice"),
        (b"[a]\n\n\nb = [1,\n", 4, "invalid value"),
        (b"[a]\n\nb =", 3, "invalid value"),
        (b"[a]\r\nb = \r\n", 2, "invalid value"),
        (b"[a]\nb = '\xff'\n", 2, "byte 0xff is not UTF-8"),
        (b"a = " + b"[" * 5000, 0, "lists are nested too deeply"),
        (b"a = " + b"9" * 5000, 0, "xceeds the limit"),
    ],
)
def test_broken_toml_has_its_line(write, text, line, words):
    root = write({SOURCES: ""})
    (root / "_data/sources/github.toml").write_bytes(text)
    (finding,) = read(root).findings
    assert (finding.rule, finding.place) == ("LEDGER001", Place(SOURCES, line))
    assert words in finding.message


# Planted faults -------------------------------------------------------------------------------


def test_the_plain_ledgers_are_lawful(write):
    assert read(write({SOURCES: GITHUB, "source/_data/sources/redis.toml": REDIS})).findings == ()


@pytest.mark.parametrize(
    ("good", "bad", "findings"),
    [
        ('extent    = "full"', 'extend    = "full"', [("LEDGER002", 2), ("LEDGER002", 9)]),
        ('extent    = "full"', 'extent    = "ful"', [("LEDGER002", 9)]),
        ('title     = "October 21 post-incident analysis"', 'title     = ""', [("LEDGER002", 3)]),
        ("read      = 2026-11-22", 'read      = "2026-11-22"', [("LEDGER002", 8)]),
        ("read      = 2026-11-22", "read      = 2026-11-22T10:00:00Z", [("LEDGER002", 8)]),
        ('publisher = "GitHub"', 'publisher = ["GitHub"]', [("LEDGER002", 5)]),
        ('value = "43 s"', "value = 43", [("FACT004", 14), ("LEDGER002", 12)]),
        ('says = "network cut"', 'sayz = "network cut"', [("LEDGER002", 12), ("LEDGER002", 12)]),
        ("partition = {", '"cut off" = {', [("FACT004", 14), ("LEDGER002", 12)]),
        ("# What GitHub", "github = 1 # What GitHub", [("LEDGER002", 1), ("SOURCE003", 1)]),
        ("2018-10-30-oct21-post-incident-analysis/", "", [("SOURCE004", 2)]),
        ("2018-10-30-oct21-post-incident-analysis/", "en/Engineering/", [("SOURCE004", 2)]),
        ("https://github.blog/2018-10-30", "https://medium.com/netflix-techblog?", []),
        ("github.blog/2018-10-30-oct21-post-incident-analysis/", "x.org/a-techblog", [("SOURCE004", 2)]),
        ("https://github.blog", "http://www.aws.haqm.com", [("SOURCE004", 2)]),
        ("https://github.blog", "https://any.blogg.se", [("SOURCE004", 2)]),
        ("https://github.blog", "https://github.com/deepaucksharma/DS", [("SOURCE004", 2)]),
        ("https://github.blog", "ftp://github.blog", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/./", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/;", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/about", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/x/..", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/%62log", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/?x=1", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/?fbclid=IwAR0123456789", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/?p=", [("SOURCE004", 2)]),
        (ADDRESS, "https://github.blog/?p=123", []),
        (ADDRESS, "https://github.blog/?x=incident-of-october", []),
        (ADDRESS, "https://user:word@github.blog/oct21", [("SOURCE004", 2)]),
        (ADDRESS, "https://10.1.2.3/oct21", [("SOURCE004", 2)]),
        (ADDRESS, "https://wiki.internal/oct21", [("SOURCE004", 2)]),
        (ADDRESS, "https://techinterview.org./oct21", [("SOURCE004", 2)]),
        ('extent    = "full"', 'extent = "full"\narchive = "https://a:b@archive.org/x"', [("SOURCE004", 2)]),
        ("https://github.blog", "https://[::1", [("SOURCE004", 2)]),
        ("https://github.blog", "https://localhost", [("SOURCE004", 2)]),
        ('extent    = "full"', 'extent = "full"\narchive = "javascript:alert(1)"', [("SOURCE004", 2)]),
        ('extent    = "full"', 'extent = "full"\narchive = "https://[::1"', [("SOURCE004", 2)]),
        ('extent    = "full"', 'extent = "full"\narchive = "https://web.archive.org/web/1/x"', []),
        ("read      = 2026-11-22", "read      = 2026-11-25", [("SOURCE005", 2)]),
        ("published = 2018-10-30", "published = 2026-11-25", [("SOURCE005", 2), ("SOURCE005", 2)]),
        ('extent    = "full"', f'extent = "full"\ncopy = "a/b@{SHA}:c/d e.md"', []),
        ('extent    = "full"', 'extent = "full"\ncopy = "a/b@main:c.md"', [("SOURCE006", 2)]),
        ('extent    = "full"', f'extent = "full"\ncopy = "deepaucksharma/DS@{SHA}:c.md"', [("SOURCE004", 2)]),
        ('text = "43 seconds"', 'text = "a short while"', [("FACT002", 12)]),
        ('text = "43 seconds"', 'text = "over 43 seconds"', [("FACT002", 12)]),
        ('"43 s", text = "43 seconds"', '"４３ s", text = "４３ seconds"', [("FACT002", 12)]),
        ("degraded / partition", "2025", [("FACT004", 14)]),
        ('11 min", text = "24 hours', '11 min, 7.2.4", text = "7.2.5: 24 hours', [("FACT002", 13)]),
        ("2,025×", "2,026×", [("FACT004", 14)]),
        ("degraded / partition", "degraded / cut", [("FACT004", 14)]),
        ("degraded / partition", "degraded / amplification", [("FACT004", 14)]),
        ("degraded / partition", "degraded / ", [("FACT004", 14)]),
        ("43 seconds", "for 43 seconds the network could not be reached", [("FACT007", 12)]),
        ("43 seconds", "for 43 seconds – the network – was not there", []),
        ('tier      = "operator"', 'tier      = "digest"', [("FACT008", 12), ("FACT008", 13)]),
        ('extent    = "full"', 'extent    = "digest"', [("FACT008", 12), ("FACT008", 13)]),
        ('text = "43 seconds", ', "", [("FACT009", 12)]),
        ("as_of = 2018-10-21", "as_of = 2026-11-23", [("FACT010", 12)]),
        (", as_of = 2018-10-21", "", [("FACT010", 12)]),
        ("as_of = 2018-10-21", 'as_of = "2018"', []),
        ("as_of = 2018-10-21", 'as_of = "2018-10"', []),
        ("as_of = 2018-10-21", 'as_of = "undated"', []),
        ("as_of = 2018-10-21", 'as_of = "2026"', []),
        ("as_of = 2018-10-21", 'as_of = "2027"', [("FACT010", 12)]),
        ("as_of = 2018-10-21", 'as_of = "2026-12"', [("FACT010", 12)]),
        ("as_of = 2018-10-21", 'as_of = "2018-13"', [("FACT010", 12)]),
        ("as_of = 2018-10-21", 'as_of = "October 2018"', [("FACT010", 12)]),
        ("as_of = 2018-10-21", "as_of = 2018", [("FACT010", 12), ("LEDGER002", 12)]),
        ('extent    = "full"', 'extent = "full"\nof = "MySQL 5.7"', [("FACT010", 13), ("FACT010", 14)]),
        ('tier      = "operator"', 'tier = "docs"', [("SOURCE007", 2)]),
        ('tier      = "operator"', 'tier = "docs"\nof = "a copy"', [("FACT010", 13), ("FACT010", 14)]),
        ("partition = {", 'partition = { of = "the latest",', [("SOURCE007", 12)]),
        ('text = "43 seconds", ', 'where = "a.md#L7", ', [("SOURCE006", 12)]),
        ('says = "network cut"', f'says = "n", copy = "a/b@{SHA}:c.md"', []),
        ('says = "network cut"', 'says = "n", copy = "a/b:c.md"', [("SOURCE006", 12)]),
        ('"network cut"', '"n", changed = { in = "4.0", fact = "github/oct21:degraded" }', []),
        ('"network cut"', '"n", changed = { in = "4.0", fact = "github/oct21:degrade" }', [("FACT013", 12)]),
        ('"network cut"', '"n", changed = { in = "4", fact = "github/oct21:partition" }', [("FACT013", 12)]),
        ('"network cut"', '"n", changed = { in = "4.0" }', [("LEDGER002", 12)]),
        ('"network cut"', '"n", changed = { in = "4.0", fact = "x", why = "y" }', [("LEDGER002", 12)]),
        ('"network cut"', '"n", changed = "4.0"', [("LEDGER002", 12)]),
        ('says = "network cut"', 'says = "n", statistic = "p42"', [("LEDGER002", 12)]),
    ],
)  # fmt: skip
def test_a_planted_fault_in_a_source_is_seen(write, good, bad, findings):
    assert good in GITHUB
    found = read(write({SOURCES: GITHUB.replace(good, bad, 1)})).findings
    assert sorted(brief(found)) == findings
    assert all(finding.message and finding.hint and "\n" not in finding.message for finding in found)


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("engineering.acme.example/?utm_source=x", True),
        ("acme.example/blog/?utm_source=x&utm_medium=y&gclid=1", True),
        ("acme.example/blog/category/databases?page=2", True),
        ("acme.example/blog/tag/outage/page/3/", True),
        ("acme.example/en/blog/author/ada", True),
        ("medium.com/@acme", True),
        ("medium.com/@acme/a-post", False),
        ("acme.example/blog/category/databases/a-post?utm_source=x", False),
        ("acme.example/blog/?p=1234&utm_source=x", False),
        ("acme.example/blog/2024/", True),
        ("acme.example/blog/2024/10/21", True),
        ("acme.example/blog/2024/10/21/a-post", False),
        ("acme.example/blog/archive", True),
        ("acme.example/blog/all", True),
        ("acme.example/blog/feed.xml", True),
        ("acme.example/blog?p=", True),
        ("acme.example/blog?category=x", True),
        ("acme.example/search?q=kafka", True),
        ("acme.example/categories/outage-post", False),
        ("dev.to/acme", True),
        ("dev.to/acme/a-post", False),
        ("github.com/acme", True),
        ("github.com/acme/queue", False),
        ("github.com/acme/queue/releases/tag/v1.0", False),
    ],
)
def test_a_home_page_is_one_whatever_tracks_or_pages_it(write, address, index):
    url = "https://github.blog/2018-10-30-oct21-post-incident-analysis/"
    found = read(write({SOURCES: GITHUB.replace(url, f"https://{address}", 1)})).findings
    assert brief(found) == [("SOURCE004", 2)] * index


@pytest.mark.parametrize(
    ("good", "bad", "findings"),
    [
        (f'commit = "{SHA}"', 'commit = "main"', [("SOURCE006", 1)]),
        (f'commit = "{SHA}"\n', "", [("SOURCE004", 1), ("SOURCE006", 1)]),
        ("redis.conf#L2058", "redis.conf", [("SOURCE006", 11)]),
        ("redis.conf#L2058", "redis.conf#L2058-L2060, output buffers", []),
        ('where = "redis.conf#L2058", ', "", [("SOURCE006", 11)]),
    ],
)
def test_a_planted_fault_in_a_repository_is_seen(write, good, bad, findings):
    path = "source/_data/sources/redis.toml"
    text = REDIS.replace(good, bad, 1).replace("https://github.com/redis/redis", "https://redis.io")
    assert text != REDIS
    assert sorted(brief(read(write({path: text})).findings)) == findings


@pytest.mark.parametrize(("where", "seen"), [("docs/ops.html, Limits", False), ("in the chapter", True)])
def test_documentation_in_a_repository_names_a_file(write, where, seen):
    text = REDIS.replace('tier = "code"', 'tier = "docs"').replace("redis.conf#L2058", where)
    found = read(write({"source/_data/sources/redis.toml": text})).findings
    assert brief(found) == ([("SOURCE006", 11)] if seen else [])


@pytest.mark.parametrize(
    ("reference", "value", "findings"),
    [
        ("", "43 s", ["FACT008"]),
        ("github/oct21:partition", "43 s", []),
        ("github/oct21:partition", "44 s", ["FACT008", "FACT008"]),
        ("github/oct21:degraded", "43 s", ["FACT008", "FACT008"]),
        ("github/oct21:nothing", "43 s", ["FACT008", "FACT008"]),
        ("digest/oct21:cut", "43 s", ["FACT008", "FACT008"]),
        ("", "READONLY", []),
        ("github/oct21:partition", "READONLY", ["FACT008"]),
    ],
)
def test_a_number_of_a_digest_needs_a_second_source(write, reference, value, findings):
    text = f"""\
[oct21]
title = "Digest"
url = "https://digests.example/oct21"
publisher = "Digests"
tier = "digest"
read = 2026-11-24
extent = "digest"
[oct21.facts]
cut = {{ value = "{value}", where = "first lines", says = "cut", as_of = 2018-10-21{
        f', corroborates = "{reference}"' if reference else ""
    } }}
"""
    found = read(write({SOURCES: GITHUB, "source/_data/sources/digest.toml": text})).findings
    assert [finding.rule for finding in found] == findings


def test_a_number_of_a_digest_may_be_named_by_the_second_source(write):
    digest = GITHUB.replace('"operator"', '"digest"')
    naming = GITHUB.replace(
        "as_of = 2018-10-21 }", 'as_of = 2018-10-21, corroborates = "digest/oct21:partition" }'
    )
    naming = naming.replace(
        "as_of = 2018-10-22 }", 'as_of = 2018-10-22, corroborates = "digest/oct21:degraded" }'
    )
    assert read(write({SOURCES: naming, "source/_data/sources/digest.toml": digest})).findings == ()


def test_derived_facts_may_stand_in_any_order_but_not_in_a_circle(write):
    lawful = GITHUB.replace(
        "[oct21.facts]\n",
        '[oct21.facts]\ntwice = { derived = "amplification * 2", value = "4,050×", says = "s" }\n',
    )
    assert read(write({SOURCES: lawful})).findings == ()
    circle = GITHUB.replace('derived = "degraded / partition"', 'derived = "again"').replace(
        "[oct21.facts]\n",
        '[oct21.facts]\nagain = { derived = "amplification", value = "2,025×", says = "s" }\n',
    )
    assert [f.rule for f in read(write({SOURCES: circle})).findings] == ["FACT004", "FACT004"]


def test_what_depends_on_a_token_is_not_derived(write):
    more = """\
share = { derived = "partition / 2", value = "much", says = "s" }
more = { derived = "share", value = "1", says = "s" }
"""
    text = GITHUB.replace("[oct21.facts]\n", f"[oct21.facts]\n{more}")
    assert [f.rule for f in read(write({SOURCES: text})).findings] == ["FACT004", "FACT004"]


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("REVIEW001", ("hash", '"abc"')),
        ("REVIEW001", ("version", '"first"')),
        ("REVIEW001", ("hash", '"0-0123456789abcdef0123456789abcdef"')),
        ("REVIEW001", ("who", '" "')),
        ("REVIEW001", ("checked", '"-"')),
        ("REVIEW001", ("confirmed", "-3")),
        ("REVIEW001", ("carried", '"abc"')),
        ("REVIEW001", ("checked", '"\u00a0"')),
        ("REVIEW002", ("when", "2026-11-26T00:00:00Z")),
        ("LEDGER002", ("when", "2026-11-20T00:00:00")),
        ("LEDGER002", ("who", "1")),
        ("LEDGER002", ("sources", "[1]")),
        ("LEDGER002", ("confirmed", "true")),
        ("LEDGER002", ("sauces", "[]")),
    ],
)
def test_a_planted_fault_in_a_review_is_seen(write, rule, bad):
    keys = {
        "id": '"x"',
        "hash": f'"{MD5}"',
        "version": '"1.0"',
        "when": "2026-11-24T23:00:00Z",
        "who": '"Ada"',
        "checked": '"all"',
        "sources": "[]",
    }
    path = "source/_data/reviews/incidents.toml"

    def text(keys: dict[str, str]) -> str:
        return "[[review]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())

    assert read(write({path: text(keys)})).findings == ()
    ledgers = read(write({path: text(keys | {bad[0]: bad[1]})}))
    assert [finding.rule for finding in ledgers.findings] == [rule]
    assert len(ledgers.reviews) == (rule != "LEDGER002" or bad[0] in ("confirmed", "sauces"))


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("reviews/a.toml", "[review]\nid = 'x'\n", ["LEDGER002"]),
        ("reviews/a.toml", "[[reviews]]\nid = 'x'\n", ["LEDGER002"]),
        ("reviews/a.toml", "review = [1]\n", ["LEDGER002"]),
        ("exemptions.toml", "[[exemption]]\nrule = 'GATE001'\n", ["LEDGER002"] * 4),
        ("glossary/a.toml", "[A]\nlong = 'a'\nsays = 's'\n[a]\nlong = 'b'\nsays = 's'\n", ["LEDGER003"]),
        ("glossary/a.toml", "[A]\nlong = 'a'\n", ["LEDGER002"]),
        (
            "technologies/a.toml",
            "[a]\nname = 'A'\nkind = 'k'\nhome = 'https://a.io'\n[b]\nname = 'B'\naliases = ['a']\n",
            ["LEDGER002", "LEDGER002", "LEDGER003"],
        ),
        (
            "technologies/a.toml",
            "[a]\nname = 'A'\nkind = 'k'\nhome = 'javascript:alert(1)'\n",
            ["LEDGER002"],
        ),
    ],
)
def test_a_planted_fault_in_another_ledger_is_seen(write, path, text, rules):
    ledgers = read(write({f"source/_data/{path}": text}))
    assert sorted(finding.rule for finding in ledgers.findings) == rules
    assert (ledgers.reviews, ledgers.exemptions) == ((), ())


def test_one_id_in_two_files_is_seen(write):
    technology = "[a]\nname = '{}'\nkind = 'k'\nhome = 'https://h.io'\n"
    ledgers = read(
        write({f"source/_data/technologies/{n}.toml": technology.format(n) for n in ("one", "two")})
    )
    assert [(f.rule, f.place.path) for f in ledgers.findings] == [
        ("LEDGER003", "source/_data/technologies/two.toml")
    ]
    assert ledgers.technologies["a"].name == "one"


def test_an_unknown_key_offers_the_nearest(write):
    finding = read(write({SOURCES: GITHUB.replace("publisher =", "publishr =")})).findings[1]
    assert (finding.message, finding.hint) == ("unknown key `publishr`", "did you mean `publisher`?")


def test_all_findings_come_in_the_order_of_their_places(write):
    text = (
        GITHUB.replace('"43 seconds"', '"a while"')
        .replace("2,025×", "1×")
        .replace("2026-11-22", "2999-01-01")
    )
    assert brief(read(write({SOURCES: text})).findings) == [
        ("SOURCE005", 2),
        ("FACT002", 12),
        ("FACT004", 14),
    ]


LEDGER_RULES = [
    rule
    for rule in RULES.values()
    if rule.bad and rule.path.startswith("source/_data/") and rule.id not in ("FACT005", "FACT006", "FACT014")
]


@pytest.mark.parametrize("rule", LEDGER_RULES, ids=lambda rule: rule.id)
def test_the_example_of_a_rule_is_seen(write, rule):
    lawful = ROOT / "tests/cases/lawful/source/_data/sources"
    files = {f"source/_data/sources/{path.name}": path.read_text("utf-8") for path in lawful.glob("*.toml")}
    assert read(write(files)).findings == ()
    assert rule.good in files[rule.path]
    found = read(write({rule.path: files[rule.path].replace(rule.good, rule.bad, 1)})).findings
    assert rule.id in {finding.rule for finding in found}


# Links to the spot ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "fact", "url"),
    [
        ({}, {"text": "43 seconds"}, "https://a.example/b#:~:text=43%20seconds"),
        ({}, {"text": "a-b, c & d"}, "https://a.example/b#:~:text=a%2Db%2C%20c%20%26%20d"),
        ({"url": "https://a.example/b#c"}, {"text": "d"}, "https://a.example/b#c:~:text=d"),
        ({}, {"where": "page 3"}, "https://a.example/b"),
        ({}, {"derived": "a / b"}, "https://a.example/b"),
        ({"commit": SHA}, {"where": "src/a b.c#L12"}, f"https://a.example/b/blob/{SHA}/src/a%20b.c#L12"),
        ({"commit": SHA}, {"where": "a.md, Limits", "text": "x"}, f"https://a.example/b/blob/{SHA}/a.md"),
        ({"commit": SHA, "url": "https://a.example/b.git"}, {}, f"https://a.example/b/tree/{SHA}"),
    ],
)  # fmt: skip
def test_fact_url(source, fact, url):
    place = Place("x")
    publication = Source(
        "a/b",
        "t",
        source.pop("url", "https://a.example/b"),
        "A",
        Tier.DOCS,
        TODAY,
        Extent.FULL,
        place,
        **source,
    )
    assert fact_url(publication, Fact("a/b:c", "1", "s", place, **fact)) == url


# Reviews are added ----------------------------------------------------------------------------


def review(number: int = 0, **changes: object) -> Review:
    values = {
        "id": f"incidents/x-{number}",
        "hash": MD5,
        "version": "1.0",
        "when": datetime(2026, 11, 24, 8, 30, 15, tzinfo=timezone(timedelta(hours=1))),
        "who": 'Ada "the reader" \\ 🌐',
        "checked": "all figures\nagainst the post",
        "sources": ("github/oct21", "github/other"),
        "place": Place("source/_data/reviews/incidents.toml", 0),
    }
    return Review(**{**values, **changes})  # type: ignore[arg-type]


def test_a_review_is_read_as_it_was_written(write, tmp_path):
    path = tmp_path / "source/_data/reviews/incidents.toml"
    written = [
        review(1),
        review(2, spec=MD5, confirmed=3, corrected=1, when=datetime(2026, 11, 24, tzinfo=UTC)),
    ]
    for one in written:
        append_review(path, one)
    ledgers = read(tmp_path / "source")
    assert ledgers.findings == ()
    assert [one.place.line for one in ledgers.reviews] == [1, 10]
    assert [repr(one).partition("place=")[0] for one in ledgers.reviews] == [
        repr(one).partition("place=")[0] for one in written
    ]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("title = 'a\u200bb'", 1),
        ('title = "a\\u001b[31mb"', 1),
        ("# \u202e", 1),
        ('\na = [1, ["b", "\\u009b"]]', 2),
        ('\n\n[a."\\u200b"]', 3),
        ('[[a]]\nb = { c = "\\u2066" }', 2),
    ],
)
def test_what_hides_in_a_ledger_is_found_and_goes_no_further(write, written, line):
    root = write({"source/_data/a.toml": written + "\n"})
    document, findings = read_document(root / "_data/a.toml", root.parent)
    assert [(f.rule, f.place.line) for f in findings] == [("LEDGER004", line)]
    assert findings[0].message.isprintable()
    assert not UNSEEN.search(str(document.tables))


def test_a_byte_order_mark_is_named(write):
    root = write({"source/_data/a.toml": ""})
    (root / "_data/a.toml").write_bytes(b"\xef\xbb\xbf[a]\n")
    (finding,) = read_document(root / "_data/a.toml", root.parent)[1]
    assert (finding.rule, finding.place.line) == ("LEDGER001", 1)
    assert "byte order mark" in finding.message


def test_what_hides_in_a_review_is_found(write, tmp_path):
    path = tmp_path / "source/_data/reviews/incidents.toml"
    append_review(path, review(1, who="Ada \x7f\x9b"))
    ledgers = read(tmp_path / "source")
    assert [(f.rule, f.place.line) for f in ledgers.findings] == [("LEDGER004", 6)]
    assert ledgers.reviews[0].who == "Ada \ufffd\ufffd"


@pytest.mark.parametrize("ending", ["", "\n"])
def test_comments_and_order_are_kept(tmp_path, ending):
    path = tmp_path / "a.toml"
    before = f"# by hand\r\n\n[[review]] # odd\nid = 'y'{ending}"
    path.write_bytes(before.encode())
    append_review(path, review())
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert [one["id"] for one in tomllib.loads(after)["review"]] == ["y", "incidents/x-0"]
    assert [one.name for one in tmp_path.iterdir()] == ["a.toml"]


@pytest.mark.parametrize("before", [b"[[review]\n", b"review = []\n", b"\xff"])
def test_a_ledger_that_would_not_parse_is_left_alone(tmp_path, before):
    path = tmp_path / "a.toml"
    path.write_bytes(before)
    with pytest.raises(LedgerError, match=r"a\.toml does not parse with the entry added"):
        append_review(path, review())
    assert path.read_bytes() == before


def test_a_ledger_keeps_its_permissions_and_the_links_to_it(tmp_path):
    path, link = tmp_path / "a.toml", tmp_path / "link.toml"
    append_review(path, review(1))
    path.chmod(0o664)
    link.symlink_to("a.toml")
    append_review(link, review(2))
    assert link.is_symlink()
    assert len(tomllib.loads(path.read_text("utf-8"))["review"]) == 2
    assert path.stat().st_mode & 0o777 == 0o664


APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from atlas.records.ledgers import append_review
from atlas.records.model import Place
from atlas.records.plan import Review
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for n in range(count):
    when = datetime(2026, 11, 24, tzinfo=UTC)
    append_review(path, Review(f"{name}-{n}", "0" * 32, "1.0", when, "Ada", "all", (), Place("")))
"""


def start(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, str(path), name, str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "_ext")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_eight_at_once_all_land(tmp_path):
    path = tmp_path / "reviews.toml"
    writers = [start(path, f"w{n}", 10) for n in range(8)]
    assert [writer.communicate()[0] and writer.returncode for writer in writers] == [0] * 8
    ids = [one["id"] for one in tomllib.loads(path.read_text("utf-8"))["review"]]
    assert sorted(ids) == sorted(f"w{w}-{n}" for w in range(8) for n in range(10))
    for w in range(8):
        own = [id for id in ids if id.startswith(f"w{w}-")]
        assert own == [f"w{w}-{n}" for n in range(10)]


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1])
def test_a_kill_leaves_the_ledger_whole(tmp_path, delay):
    path = tmp_path / "reviews.toml"
    writer = start(path, "w", 100_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    before = tomllib.loads(path.read_text("utf-8"))["review"] if path.exists() else []
    append_review(path, review())
    after = tomllib.loads(path.read_text("utf-8"))["review"]
    assert [one["id"] for one in after] == [*(f"w-{n}" for n in range(len(before))), "incidents/x-0"]
    assert [one.name for one in tmp_path.iterdir()] == ["reviews.toml"]


# Size -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_reading_grows_with_the_ledgers_and_not_faster(write):
    facts = "".join(
        f'f{n} = {{ value = "{n} h 9 min", text = "{n} hours, 9 minutes", says = "s", as_of = 2018-10-21 }}\n'
        for n in range(20)
    )
    text = GITHUB.partition("partition =")[0] + facts
    seconds = []
    for files in (50, 400):
        root = write({f"source/_data/sources/p{n}.toml": text for n in range(files)})
        start = time.process_time()
        ledgers = read(root)
        seconds.append(time.process_time() - start)
        assert sum(len(source.facts) for source in ledgers.sources.values()) == 20 * files
        assert ledgers.findings == ()
    assert (
        seconds[1] < 24 * seconds[0]
    )  # eight times the files; a quadratic reader would take 64 times as long
