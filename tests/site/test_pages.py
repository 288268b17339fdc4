"""What stands on a built page: drawing, evidence, gates, links, search, and the other builders."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from docutils import nodes

from atlas_sphinx.pages.tables import Word

from .conftest import ROOT, Build, Project

PAGE = "incidents/acme-2024-03-05.html"
Make = Callable[[dict[str, str]], Project]


@pytest.fixture
def built(lawful: Project) -> Build:
    return lawful.build()


def test_drawing_stands_in_the_page(built: Build) -> None:
    page = built.read(PAGE)
    assert "<svg" in page
    assert "1.4 M jobs waiting" in page.replace("\n", " ") or "1.4 M jobs" in page
    assert "foreignObject" not in page
    assert 'data-node="Q"' in page


def test_numbers_lead_to_their_spot(built: Build) -> None:
    page = built.read(PAGE)
    assert "https://engineering.acme.example/2024/03/queue-outage#:~:text=1.4%20million%20jobs" in page
    spot = "https://github.com/example/queued/blob/0123456789abcdef0123456789abcdef01234567/docs/limits.md#L3"
    assert spot in page


def test_node_links_to_the_page_it_names(built: Build) -> None:
    assert 'href="../debugging/queue-full.html#debugging-queue-full"' in built.read(PAGE)


def test_gates_show_a_computed_verdict(built: Build) -> None:
    page = built.read(PAGE)
    assert "passed, 5 of 5" in page
    assert "queuectl workers add 2" in re.sub(r"<[^>]+>", "", page)


def test_computed_gate_keeps_the_links_of_a_reason(lawful: Project) -> None:
    page = lawful.path / "source" / "incidents" / "acme-2024-03-05.md"
    text = page.read_text(encoding="utf-8").replace("Order API", "Order XQJ")
    reason = "not published: it lasted {atlas:fact}`acme/outage:outage`, and no more is said"
    gate = f"\n::::{{quality-gate}} new-hire\nAcronyms explained\n: {reason}\n::::\n"
    page.write_text(text + gate, encoding="utf-8")
    done = lawful.build()
    card = done.read(PAGE).partition('id="incidents-acme-2024-03-05-new-hire"')[2].partition("</section>")[0]
    assert done.code == 0
    assert 'text=1%2C400%20seconds" title=' in card
    assert "not published: it lasted 1,400 s, and no more is said" in re.sub(r"<[^>]+>", "", card)


def test_a_source_without_encryption_has_its_link_and_its_anchor(lawful: Project) -> None:
    lawful.change("source/_data/sources/acme.toml", "https://engineering", "http://engineering")
    address = "http://engineering.acme.example/2024/03/queue-outage"
    board = lawful.build("-nW", "--keep-going").read("boards.html")
    assert f'<a class="reference external" id="acme-outage" href="{address}">' in board
    assert f'href="{address}#:~:text=1.4%20million%20jobs">1.4 M jobs</a>' in board


@pytest.mark.parametrize("code", [False, True])
def test_a_word_without_a_link_keeps_its_anchor(code: bool) -> None:
    word = Word("A report", id="acme-outage", code=code)
    assert ' id="acme-outage"' in word.html()
    node = word.node()
    assert isinstance(node, nodes.Element)
    assert node["ids"] == ["acme-outage"]


def test_labels_are_searched_clean(built: Build) -> None:
    index = built.read("searchindex.js")
    assert '"drain"' in index
    assert "br/" not in index


@pytest.mark.parametrize("builder", ["text", "man"])
def test_other_builders_get_the_tables(lawful: Project, builder: str) -> None:
    if builder == "man":
        lawful.write(
            "conf.py",
            lawful.path.joinpath("conf.py").read_text() + 'man_pages = [("index", "lawful", "", "", 1)]\n',
        )
    built = lawful.build("-nW", "--keep-going", builder=builder)
    assert built.code == 0, built.log
    name = "incidents/acme-2024-03-05.txt" if builder == "text" else "lawful.1"
    words = re.sub(r"[\s|]+", " ", built.read(name))
    assert "Order queue" in words
    assert "1.4 M jobs" in words
    assert "queue full (failure)" in words


def test_atlas_json_fits_its_schema(built: Build) -> None:
    schema = json.loads((ROOT / "_ext/atlas/files/schema/atlas-1.1.json").read_text(encoding="utf-8"))
    data = json.loads(built.read("atlas.json"))
    jsonschema.Draft202012Validator(schema).validate(data)
    ids = [d["id"] for d in data["diagrams"]]
    assert ids == ["debugging/queue-full", "incidents/acme-2024-03-05"]
    assert json.loads(built.read("CENTRAL_METRICS.json"))


def test_inventory_lists_every_diagram(built: Build) -> None:
    from sphinx.util.inventory import InventoryFile

    inventory = InventoryFile.loads((built.out / "objects.inv").read_bytes(), uri="")
    assert "debugging/queue-full" in inventory.data["atlas:diagram"]


def test_works_in_restructuredtext(lawful: Project) -> None:
    page = (lawful.path / "source/debugging/queue-full.md").read_text(encoding="utf-8")
    (lawful.path / "source/debugging/queue-full.md").unlink()
    body = page.split("```{atlas-diagram} debugging/queue-full\n")[1].split("```")[0]
    options, text = body.split("\n\n", 1)
    lines = ["A full queue", "============", "", ".. atlas-diagram:: debugging/queue-full"]
    lines += ["   " + line for line in [*options.splitlines(), "", *text.splitlines()]]
    lines += ["", ".. quality-gate:: 3am", ""]
    for term in ("Error messages", "Logs", "Metrics", "Runbook", "Recovery"):
        lines += [f"   {term}", "      ``queuectl depth``", ""]
    lines += ["      .. atlas-command:: depth", "         :effect: reads", "         :on: queued >= 1.0"]
    lines += ["         :expect: ^depth", "         :run-first:", "", "         queuectl depth", ""]
    lines += ["      It prints how full the queue is.", ""]
    lawful.write("source/debugging/queue-full.rst", "\n".join(lines) + "\n")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert "<svg" in built.read("debugging/queue-full.html")


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_a_finding_names_its_line(project: Make, suffix: str) -> None:
    markdown = "# Page\n\n```{atlas-diagram} a/b\n:title: T\n:alt: A\n\nflowchart LR\n  X[\n```\n"
    restructured = (
        "Page\n====\n\n.. atlas-diagram:: a/b\n   :title: T\n   :alt: A\n\n   flowchart LR\n     X[\n"
    )
    made = project({f"source/index.{suffix}": markdown if suffix == "md" else restructured})
    line = 8 if suffix == "md" else 9
    found = [f for f in made.build().findings if "MERMAID001" in f]
    assert len(found) == 1
    assert found[0].startswith(f"source/index.{suffix}:{line}:")


def test_all_findings_are_listed(lawful: Project) -> None:
    lawful.change("source/incidents/acme-2024-03-05.md", "${backlog}", "${backlogg}")
    lawful.change("source/debugging/queue-full.md", ":version: 1.0", ":version: draft")
    lawful.change("source/_data/sources/acme.toml", 'text = "1,400 seconds"', 'text = "a while"')
    assert {"FACT001", "DIAGRAM002", "FACT002"} <= lawful.build().rules


def test_plain_mermaid_stays_what_its_extension_makes(lawful: Project) -> None:
    lawful.write("source/boards.md", '# Boards\n\n```{mermaid}\npie\n  "a": 1\n```\n')
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert "mermaid" in built.read("boards.html")


def test_diagram_that_does_not_come_back(lawful: Project) -> None:
    """A drawing over its time costs itself, not the build: the other one is there."""
    conf = lawful.path / "conf.py"
    conf.write_text(conf.read_text() + "atlas_draw_timeout = 0.5\n")
    edges = "\n".join(f'  D -->|"x"| N{n}\n  N{n} -->|"y"| N{n + 1}' for n in range(900))
    lawful.change(
        "source/debugging/queue-full.md",
        '  S -->|"queuectl depth"| D\n',
        f'  S -->|"queuectl depth"| D\n{edges}\n',
    )
    built = lawful.build()
    assert "MERMAID006" in built.rules
    assert built.code == 1
    assert "<svg" in built.read(PAGE)


def test_without_an_engine_the_browser_gets_the_values(lawful: Project) -> None:
    lawful.write("sitecustomize.py", 'import sys\n\nsys.modules["merman"] = None\n')
    built = lawful.build(env={"PYTHONPATH": os.pathsep.join((str(ROOT / "_ext"), str(lawful.path)))})
    assert built.rules == {"MERMAID007"}
    drawn = built.read(PAGE).partition('class="mermaid">')[2].partition("</pre>")[0]
    assert "1.4 M jobs waiting&lt;br/&gt;limit 1 M jobs" in drawn
    assert "${" not in drawn


def test_exemption_holds_until_its_day(lawful: Project) -> None:
    lawful.change("source/incidents/acme-2024-03-05.md", "${backlog} waiting", "1,400,000 waiting ${backlog}")
    granted = (
        '[[exemption]]\nrule = "FACT003"\ndiagram = "incidents/acme-2024-03-05"\n'
        'reason = "the label is quoted"\napprover = "R. Reviewer"\nexpires = {}\n'
    )
    lawful.write("source/_data/exemptions.toml", granted.format("2024-04-11"))
    assert lawful.build().rules == set()
    lawful.write("source/_data/exemptions.toml", granted.format("2024-04-09"))
    assert lawful.build().rules == {"GATE007", "FACT003"}


def test_exemption_that_covers_nothing(lawful: Project) -> None:
    lawful.write(
        "source/_data/exemptions.toml",
        '[[exemption]]\nrule = "FACT003"\ndiagram = "debugging/queue-full"\n'
        'reason = "none"\napprover = "R. Reviewer"\nexpires = 2024-05-01\n',
    )
    assert lawful.build().rules == {"GATE008"}


def test_gate_that_is_owed(lawful: Project) -> None:
    page = lawful.path / "source/debugging/queue-full.md"
    page.write_text(page.read_text(encoding="utf-8").split("::::{quality-gate}")[0], encoding="utf-8")
    assert "GATE003" in lawful.build().rules


def test_empty_diagram(project: Make, tmp_path: Path) -> None:
    del tmp_path
    made = project({"source/index.md": "# P\n\n```{atlas-diagram} a/b\n:title: T\n:alt: A\n```\n"})
    assert "MERMAID003" in made.build().rules


def test_a_section_may_be_empty_until_its_first_page(lawful: Project) -> None:
    lawful.change("source/index.md", "boards\n", "boards\nempty/index\n")
    lawful.write("source/empty/index.md", "# Empty\n\n```{atlas-toctree}\n*\n```\n")
    empty = lawful.build("-nW", "--keep-going")
    assert (empty.code, empty.rules) == (0, set()), empty.log
    lawful.write("source/empty/first.md", "# First page\n")
    filled = lawful.build("-nW", "--keep-going")
    assert filled.code == 0, filled.log
    assert 'href="first.html"' in filled.read("empty/index.html")


@pytest.mark.parametrize("name", [" 4am", ""])
def test_a_gate_that_there_is_not_costs_no_page(lawful: Project, name: str) -> None:
    lawful.change("source/incidents/acme-2024-03-05.md", "{quality-gate} 3am", f"{{quality-gate}}{name}")
    built = lawful.build("-nW", "--keep-going")
    assert built.rules == {"GATE001", "GATE003"}, built.log
    page = built.read(PAGE)
    assert "Add workers." in page
    assert '-incident">What it takes down</a>' in page
