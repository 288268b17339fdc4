"""What an author writes is shown, or found: nothing is dropped without a word."""

from __future__ import annotations

import re

import pytest

from .conftest import Project

PAGE = "source/incidents/acme-2024-03-05.md"
HTML = "incidents/acme-2024-03-05.html"
CLICK = '  click Q "debugging/queue-full"'


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (CLICK, '  click Nope "debugging/not-there"', "LINK003"),
        (CLICK, "  click API call go()", "LINK003"),
        (CLICK, "  click API callback", "LINK003"),
        (CLICK, "  linkStyle 0 stroke:red", "PLANE003"),
        (CLICK, "  style API background:#123456", "PLANE003"),
        (CLICK, '  V["🌐 Visitor"]:::edgeStyle\n  class V stateStyle\n  V -->|"asks"| API', "PLANE002"),
        ("flowchart LR", "---\ntitle: 43 seconds lost\n---\nflowchart LR", "MERMAID004"),
        ("⚙️ Order API", "<a href='https://a.example'>Order API</a>", "MERMAID008"),
        ("limit ${limit}", "limit ${limit", "FACT001"),
        (":symptoms: orders", ":symptoms: ${backlog} orders", "FACT001"),
        (":version: 1.0", ":version: 1.0\n:version: 1.0", "DIAGRAM002"),
        ("queued/manual\n:sym", "queued/manual, queued/manual\n:sym", "DIAGRAM002"),
        ("\nThe queue filled", "\n{atlas:term}`APO`\n\nThe queue filled", "LINK001"),
    ],
)
def test_it_is_found(lawful: Project, old: str, new: str, rule: str) -> None:
    lawful.change(PAGE, old, new)
    built = lawful.build()
    assert rule in built.rules, built.log
    assert built.rules <= {rule, "FACT005", "GATE006"}, built.log


def test_a_term_without_a_glossary_page_is_its_words(lawful: Project) -> None:
    lawful.change(PAGE, "\nThe queue filled", "\nAn {atlas:term}`API` fell.\n\nThe queue filled")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert "An API fell." in re.sub(r"<[^>]+>", "", built.read(HTML))
    assert "problematic" not in built.read(HTML)


def test_every_definition_of_a_term_counts(lawful: Project) -> None:
    lawful.change(PAGE, ": All orders.", ": TODO\n: All orders.")
    lawful.change(PAGE, ": `queue_depth` above", ": TBD\n\nRunbook\n: `queue_depth` above")
    assert lawful.build().rules == {"GATE005", "GATE010"}
