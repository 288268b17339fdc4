"""What must not be on a page is found on it by whatever door it came, twice in a row."""

from __future__ import annotations

import re

from .conftest import Project

MYST = {
    "markdown": "See [it](javascript:alert(1)).",
    "plain": "See <http://acme.example/>.",
    "reference": "See [it][1].\n\n[1]: vbscript:msgbox(1)",
    "data": "See [it](data:text/html,<script>alert(1)</script>).",
    "file": "See [it](file:///etc/passwd).",
    "password": "See [it](https://user:word@acme.example/).",
    "no scheme": "See [it](//acme.example/).",
    "picture": "![it](http://acme.example/a.png)",
    "picture's link": "```{image} a.png\n:target: javascript:alert(1)\n```",
    "button": "```{button-link} javascript:alert(1)\nIt\n```",
    "card": ":::{card} It\n:link: javascript:alert(1)\nit\n:::",
    "raw link": "It <a href='javascript:alert(1)'>is</a> there.",
    "directive's html": "```{raw} html\n<a href='http://acme.example/'>x</a>\n```",
    "in a table": "| a |\n|---|\n| [it](http://acme.example/) |",
    "in a gate's words": "**[it](http://acme.example/)**",
    "rest": "```{eval-rst}\n`It <javascript:alert(1)>`_ and ftp://acme.example/\n```",
    "toctree": "```{toctree}\nit <http://acme.example/>\n```",
    "download": "{download}`it <http://acme.example/a.zip>`",
}
RAW = {
    "script": "<script>alert(1)</script>",
    "handler": "<b onclick='alert(1)'>x</b>",
    "frame": "<iframe src='https://acme.example/'></iframe>",
    "refresh": "<meta http-equiv='refresh' content='0;url=https://acme.example/'>",
    "refresh by directive": "```{eval-rst}\n.. meta::\n   :http-equiv=refresh: 0;url=https://acme.example/\n```",
    "front matter": "",
    "mark of quality": "<b class='atlas-status atlas-up-to-date'>up to date</b>",
    "mermaid": '<div class="mermaid">graph LR</div>',
    "cut": "<div title='",
}
HIDDEN = {"escape": "a \x1b[31mb", "direction": "a \u202eb", "entity": "a &#8238;b", "width": "que\u200bue"}


def write(project: Project, kinds: dict[str, str]) -> list[str]:
    """A page for each; their paths."""
    for number, text in enumerate(kinds.values()):
        front = "---\norphan: true\n{}---\n"
        meta = 'myst:\n  html_meta:\n    "http-equiv=refresh": "0;url=https://acme.example/"\n'
        more = "" if text else meta
        project.write(f"source/g{number:02}.md", front.format(more) + f"# Page\n\n{text}\n")
    return [f"source/g{number:02}.md" for number in range(len(kinds))]


def found(log: str, rule: str) -> set[str]:
    return {line.partition(":")[0] for line in log.splitlines() if f"[atlas.{rule}]" in line}


def twice(project: Project, kinds: dict[str, str], rule: str) -> None:
    paths = write(project, kinds)
    first, again = project.build(), project.build("-nW", "--keep-going", "-j", "2")
    missed = [kind for kind, path in zip(kinds, paths, strict=True) if path not in found(first.log, rule)]
    assert missed == [], first.log
    assert first.findings == again.findings
    assert (first.code, again.code) == (1, 1)


def design(project: Project) -> Project:
    project.change("conf.py", '"myst_parser", ', '"myst_parser", "sphinx_design", ')
    project.change("conf.py", "nitpicky", 'atlas_raw_html = "refuse"\nnitpicky')
    return project


def test_every_link_passes_one_check(lawful: Project) -> None:
    twice(design(lawful), MYST, "LINK002")


def test_raw_html_is_found(lawful: Project) -> None:
    twice(design(lawful), RAW, "PAGE001")


def test_hidden_characters_are_found(lawful: Project) -> None:
    twice(design(lawful), HIDDEN, "PAGE002")


def test_reports_show_no_control_character(lawful: Project) -> None:
    write(
        lawful, {"a": "[a\x1b](https://acme.example/\x1b)", "b": "<b \x9b>", "c": "[x](java\u202escript:1)"}
    )
    log = lawful.build().log
    assert found(log, "PAGE002")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", "\n".join(lawful.build().findings))


def test_a_project_may_let_raw_html_pass(lawful: Project) -> None:
    lawful.change("conf.py", "nitpicky", 'atlas_raw_html = "pass"\nnitpicky')
    write(lawful, {"own": "<script>own()</script>\n\n<b onclick='own()'>x</b>"})
    assert lawful.build().rules == set()


def test_no_exemption_covers_a_link(lawful: Project) -> None:
    page = "source/incidents/acme-2024-03-05.md"
    lawful.change(page, 'click Q "debugging/queue-full"', 'click Q "javascript:alert(1)"')
    lawful.write(
        "source/_data/exemptions.toml",
        '[[exemption]]\nrule = "LINK002"\ndiagram = "incidents/acme-2024-03-05"\nreason = "wanted"\n'
        'approver = "R. Reviewer"\nexpires = 2024-05-01\n',
    )
    assert lawful.build().rules == {"LINK002", "GATE011"}
    assert 'href="javascript' not in lawful.build().read("incidents/acme-2024-03-05.html")
