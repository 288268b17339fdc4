"""Raw HTML as authors and worse people write it."""

from __future__ import annotations

import pytest

from atlas.records.model import Place
from atlas.rules.markup import check_markup

HERE = Place("source/a.md", 3)


def rules(text: str, choice: str = "refuse") -> list[str]:
    return sorted({f.rule for f in check_markup(text, HERE, choice)})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a < b and b > c",
        "x<sub>1</sub><br/>line <kbd>Ctrl</kbd>",
        "<!-- a note with an -> arrow and <b>markup</b> -->",
        "<!---->",
        '<abbr title="Border Gateway Protocol">BGP</abbr>',
        '<a href="https://example.org/">there</a>',
        "<details open><summary>More</summary>words</details>",
        "5 <3 and <= 7",
    ],
)
def test_words_are_lawful(text: str) -> None:
    assert rules(text) == []


ACTIVE = [
    "<script>alert(1)</script>",
    "<SCRIPT src=x.js></SCRIPT>",
    "<iframe src='https://example.org/'></iframe>",
    "<object data=x></object>",
    "<embed src=x>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href=x.css>",
    "<form action='https://evil.example/'><b>x</b></form>",
    "<style>main { display: none }</style>",
    '<svg onload="alert(1)"></svg>',
    "<svg/onload=alert(1)>",
    "<b onclick=alert(1)>x</b>",
    "<b\nonmouseover\n=\n'alert(1)'>x</b>",
    "<img src=x onerror=alert(1)>",
    "<svg><foreignObject><b>x</b></foreignObject></svg>",
    "<svg><animate attributeName=href values=x /></svg>",
    "<math><mi>x</mi></math>",
    "<!--><script>alert(1)</script>-->",
    "<!---><script>alert(1)</script>-->",
    "<!-- a --!><script>alert(1)</script> -->",
    "<!-- without an end <script>",
    "<script",
    "<b title='no end",
    "<?php echo 1 ?>",
    "<!DOCTYPE html>",
    "<![CDATA[<script>]]>",
    "</>",
    "<button formaction='x'>x</button>",
]


@pytest.mark.parametrize("text", ACTIVE)
@pytest.mark.parametrize("choice", ["judge", "refuse"])
def test_what_acts_is_refused(text: str, choice: str) -> None:
    found = [*check_markup(text, HERE, choice)]
    assert "PAGE001" in {f.rule for f in found}
    assert all(f.place == HERE and f.message.isprintable() for f in found)


@pytest.mark.parametrize(
    "text",
    [
        '<div class="mermaid">graph</div>',
        '<b class="atlas-status">up to date</b>',
        "<b style='x'>x</b>",
        "</main>",
    ],
)
def test_what_imitates_is_left_to_the_project(text: str) -> None:
    assert rules(text, "judge") == rules(text, "pass") == []
    assert rules(text, "refuse") == ["PAGE001"]


@pytest.mark.parametrize("choice", ["pass", "judge", "refuse"])
@pytest.mark.parametrize(
    "text",
    [
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=http://example.org/>x</a>",
        '<a href="java&#x73;cript:alert(1)">x</a>',
        "<a title='x' href='//evil.example/'>x</a>",
        "<img src='http://example.org/a.png'>",
        "<q cite='file:///etc/passwd'>x</q>",
        "<video poster='data:text/html,x'></video>",
    ],
)
def test_links_are_judged_whatever_a_project_lets_pass(text: str, choice: str) -> None:
    assert "LINK002" in rules(text, choice)


def test_a_project_may_let_everything_pass_but_links() -> None:
    assert rules("<script>own()</script><b onclick=x>x</b><b title='no end", "pass") == []
    assert rules("<img src='data:image/png;base64,AA'>", "judge") == []


@pytest.mark.parametrize("unit", ["<", "<a ", "<!--", "<a b='", "<a b=c ", "--!>", "<!-- --", "<a\t\n "])
def test_time_grows_with_the_text(unit: str) -> None:
    """Each of them twice, of 100 kB: what is quadratic would not end here."""
    for text in (unit * 50_000, f"<a{unit * 50_000}"):
        assert sum(1 for _ in check_markup(text, HERE, "refuse")) >= 0
