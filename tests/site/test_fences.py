"""Plain mermaid fences: passed, judged or refused, in MyST and reStructuredText, on every build."""

from __future__ import annotations

import pytest

from .conftest import Project

TYPED = 'flowchart TB\n  A["99% of users"] --> B'
BROKEN = "flowchart TB\n  A[broken"
FENCES = {
    "directive.md": f"# D\n\n```{{mermaid}}\n{TYPED}\n```\n",
    "code.md": f"# C\n\n```mermaid\n{TYPED}\n```\n",
    "colons.md": f"# L\n\n:::{{mermaid}}\n{BROKEN}\n:::\n",
    "text.rst": "T\n=\n\n.. mermaid::\n\n   " + BROKEN.replace("\n", "\n   ") + "\n",
}


def written(lawful: Project) -> Project:
    for name, text in FENCES.items():
        head = "---\norphan: true\n---\n" if name.endswith("md") else ":orphan:\n\n"
        lawful.write(f"source/{name}", head + text)
    return lawful


def test_fences_pass_unless_something_else_is_asked_for(lawful: Project) -> None:
    built = written(lawful).build()
    assert (built.code, built.rules) == (0, set())


def test_a_refused_fence_is_red_twice_where_it_stands(lawful: Project) -> None:
    project = written(lawful)
    first = project.build("-D", "atlas_plain_mermaid=refuse")
    again = project.build("-D", "atlas_plain_mermaid=refuse")
    assert first.code == again.code == 1
    assert first.findings == again.findings
    refused = [f for f in first.findings if "MERMAID009" in f]
    assert sorted(f.partition(":")[0].rpartition("/")[2] for f in refused) == sorted(FENCES)
    assert all("WARNING" in f and ":0:" not in f for f in refused)


def test_a_judged_fence_answers_for_its_text(lawful: Project) -> None:
    project = written(lawful)
    first, again = (project.build("-D", "atlas_plain_mermaid=judge") for _ in range(2))
    assert first.code == again.code == 1
    assert first.findings == again.findings
    assert {"FACT003", "MERMAID001"} <= first.rules


@pytest.mark.parametrize("word", ["maybe", "", "Refuse"])
def test_an_unknown_choice_is_said(lawful: Project, word: str) -> None:
    built = lawful.build("-D", f"atlas_plain_mermaid={word}")
    assert built.code != 0
    assert "atlas_plain_mermaid" in built.log


def test_no_fence_passes_beside_a_diagram_of_the_atlas(lawful: Project) -> None:
    page = "source/incidents/acme-2024-03-05.md"
    lawful.change(page, "\n```{atlas-diagram}", f"\n```{{mermaid}}\n{TYPED}\n```\n\n```{{atlas-diagram}}")
    first, again = lawful.build(), lawful.build()
    assert first.rules == again.rules == {"FACT003"}
