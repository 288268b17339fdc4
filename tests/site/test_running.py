"""Commands and timelines on a built page: noted wherever they stand, shown in each builder, kept fresh."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from .conftest import Build, Project

PAGE = "source/incidents/acme-2024-03-05.md"
GUIDE = "source/debugging/queue-full.md"
Make = Callable[[dict[str, str]], Project]


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def commands(built: Build, id: str) -> list[dict[str, object]]:
    found = json.loads(built.read("atlas.json"))["diagrams"]
    return next(d["commands"] for d in found if d["id"] == id)


@pytest.fixture
def built(lawful: Project) -> Build:
    return lawful.build("-nW", "--keep-going")


def test_a_command_stands_alone_with_its_effect(built: Build) -> None:
    page = built.read("debugging/queue-full.html")
    blank = '<span class="atlas-blank" data-name="host">&lt;host&gt;</span>'
    assert f'<pre class="atlas-run atlas-one-line">queuectl purge --host {blank}</pre>' in page
    block = page.partition('id="debugging-queue-full-command-drop"')[2]
    words = bare(block.partition("</section>")[0])
    assert "Loses: every job that waits. Look first: depth" in bare(block.partition("<pre")[0])
    assert "Prints nothing where it works." in words
    box = 'class="atlas-command atlas-effect-destroys docutils container"'
    assert f'{box} id="debugging-queue-full-command-drop"' in page
    assert 'href="#debugging-queue-full-command-depth"' in block


def test_the_sample_is_folded_and_never_in_what_is_copied(built: Build) -> None:
    page = built.read("debugging/queue-full.html")
    assert "<summary>What it prints</summary>" in page
    assert not re.search(r'<pre class="atlas-run[^>]*>[^<]*depth 981200', page)


def test_what_to_run_first_stands_above_the_picture(built: Build) -> None:
    page = built.read("debugging/queue-full.html")
    above = page.partition('class="atlas-figure')[0]
    assert "Run first" in bare(above)
    assert "Close to its limit is a queue that fills: step 2." in bare(above)
    assert 'id="debugging-queue-full-command-depth"' not in above
    assert page.count('id="debugging-queue-full-command-depth"') == 1


def test_an_incident_shows_the_first_command_of_its_guide(built: Build) -> None:
    above = built.read("incidents/acme-2024-03-05.html").partition('class="atlas-figure')[0]
    assert "Run first, from A full queue" in bare(above)
    assert "queuectl depth --host" in bare(above)
    assert '<span class="pre">refused</span></code>' in above
    assert 'href="../debugging/queue-full.html#debugging-queue-full-command-depth"' in above


def test_an_incident_moves_with_the_command_of_its_guide(lawful: Project) -> None:
    lawful.build()
    lawful.change(GUIDE, "queuectl depth --host", "queuectl depth --all --host")
    lawful.change(GUIDE, "Close to its limit", "Near to its limit")
    page = bare(lawful.build().read("incidents/acme-2024-03-05.html"))
    assert "queuectl depth --all --host" in page
    assert "Near to its limit" in page


def test_a_timeline_is_a_table(built: Build) -> None:
    page = built.read("incidents/acme-2024-03-05.html")
    table = page.partition("atlas-timeline")[2].partition("</table>")[0]
    assert re.findall(r"<th [^>]*>([^<]*)", table) == ["When", "What", "Event"]
    words = bare(table)
    assert "2024-03-05 09:00 UTC trigger a release doubles the orders" in re.sub(
        r"\s+", " ", re.sub("<[^>]+>", " ", table)
    )
    assert "no time published" in words
    assert "orders flow again, 1,400 s later" in words
    assert 'href="https://engineering.acme.example/2024/03/queue-outage#:~:text=At%2009%3A00' in table


@pytest.mark.parametrize("builder", ["text", "man", "latex", "singlehtml", "epub"])
def test_other_builders_show_it_in_the_open(lawful: Project, builder: str) -> None:
    if builder == "man":
        conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
        lawful.write("conf.py", conf + '\nman_pages = [("debugging/queue-full", "guide", "G", [], 1)]\n')
    strict = () if builder == "epub" else ("-nW", "--keep-going")  # an EPUB wants to know its version
    built = lawful.build(*strict, builder=builder)
    assert built.code == 0, built.log
    name = {
        "text": "debugging/queue-full.txt",
        "man": "guide.1",
        "latex": "lawful.tex",
        "singlehtml": "index.html",
        "epub": "debugging/queue-full.xhtml",
    }[builder]
    text = built.read(name)
    words = re.sub(r"\s+", " ", bare(text) if builder in ("singlehtml", "epub") else text)
    for said in ("Run first", "Destroys", "purge", "every job that waits", "981200"):
        assert said in words, said


RST = """\
Full
====

.. atlas-diagram:: debugging/queue-full
   :title: Which end is slow
   :sources: queued/manual
   :version: 1.0
   :alt: A full queue.

   flowchart TB
     subgraph state
       D[("💾 Depth against ${limit}")]
     end

.. atlas-command:: depth
   :effect: reads
   :on: queued >= 1.0
   :expect: (?m)^depth #\\d+
   :run-first:

   queuectl depth \\
     --host <host>
   --- prints ---
   depth #9

``depth`` says it. ``<host>``: the server.

.. atlas-timeline::

   queued/manual | trigger | it began
   queued/manual | over | {role}
"""


def test_it_works_in_restructuredtext(project: Make) -> None:
    ledger = """\
[manual]
title = "m"
url = "https://a.example/manual"
publisher = "queued"
tier = "docs"
of = "queued 2"
read = 2024-04-01
extent = "full"
[manual.facts]
limit = { value = "1 M jobs", text = "1 million jobs", says = "x", as_of = 2024-01-01 }
"""
    text = RST.replace("{role}", ":atlas:fact:`queued/manual:limit` drained")
    made = project({"source/index.rst": text, "source/_data/sources/queued.toml": ledger})
    built = made.build()
    assert not {r for r in built.rules if r.startswith(("COMMAND", "TIMELINE"))}, built.log
    (command,) = commands(built, "debugging/queue-full")
    assert command["text"] == "queuectl depth \\\n  --host <host>"
    assert (command["expect"], command["prints"]) == (r"(?m)^depth #\d+", "depth #9")
    assert command["says"] == "`depth` says it. `<host>`: the server."
    assert command["place"] == {"path": "source/index.rst", "line": 15}
    (diagram,) = json.loads(built.read("atlas.json"))["diagrams"]
    assert [(r["event"], r["place"]["line"]) for r in diagram["timeline"]] == [
        ("it began", 30),
        ("1 M jobs drained", 31),
    ]


def test_a_fault_in_restructuredtext_stands_at_its_line(project: Make) -> None:
    text = RST.replace(":effect: reads\n", "").replace("| over |", "| ovr |").replace("{role}", "x")
    found = project({"source/index.rst": text}).build().findings
    assert any("index.rst:15" in line and "COMMAND003" in line for line in found)
    assert any("index.rst:30" in line and "TIMELINE001" in line for line in found)


def test_nested_blocks_keep_their_lines_and_their_gate(lawful: Project) -> None:
    text = (lawful.path / GUIDE).read_text(encoding="utf-8").split("\n")
    (depth, drop) = commands(lawful.build(), "debugging/queue-full")
    lines = [n for n, line in enumerate(text, 1) if "{atlas-command}" in line]
    assert [c["place"]["line"] for c in (depth, drop)] == lines  # type: ignore[index]
    assert depth["gate"] == drop["gate"] == "3am"


def test_a_gate_for_another_diagram_takes_its_commands_along(lawful: Project) -> None:
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    lawful.write(
        PAGE, text.replace("{quality-gate} 3am\n", "{quality-gate} 3am\n:for: debugging/queue-full\n")
    )
    built = lawful.build()
    ids = [c["id"] for c in commands(built, "debugging/queue-full")]
    assert ids == ["depth", "drop", "more-workers"]


def test_an_included_block_stands_in_its_own_file(lawful: Project) -> None:
    block = "```{atlas-command} extra\n:effect: read\n:on: linux\ndf -h\n```\n"
    lawful.write("source/parts/extra.txt", f"Words ahead.\n\n{block}")
    lawful.change(
        PAGE,
        "::::{quality-gate} incident",
        "```{include} ../parts/extra.txt\n```\n\n::::{quality-gate} incident",
    )
    found = [line for line in lawful.build().findings if "COMMAND003" in line]
    assert len(found) == 1
    assert "source/parts/extra.txt:3: " in found[0]
    lawful.change("source/parts/extra.txt", ":effect: read\n", ":effect: reads\n")
    assert not [line for line in lawful.build().findings if "COMMAND003" in line]


def test_a_timeline_in_an_included_file(lawful: Project) -> None:
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    start = text.index("```{atlas-timeline}")
    end = text.index("```\n", start + 5) + 4
    lawful.write("source/parts/when.txt", "\n\n" + text[start:end].replace("| over |", "| ovr |"))
    lawful.write(PAGE, text[:start] + "```{include} ../parts/when.txt\n```\n" + text[end:])
    (found,) = [line for line in lawful.build().findings if "TIMELINE001" in line]
    assert "source/parts/when.txt:6: " in found


def test_what_is_gone_from_a_page_is_forgotten(lawful: Project) -> None:
    lawful.build()
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    start = text.index("```{atlas-timeline}")
    lawful.write(
        PAGE, text[:start] + text[text.index("```\n", start + 5) + 4 :].replace("more-workers", "extra")
    )
    built = lawful.build()
    assert [c["id"] for c in commands(built, "incidents/acme-2024-03-05")] == ["extra"]
    assert "TIMELINE007" in built.rules


def test_parallel_reading_keeps_every_note(lawful: Project) -> None:
    for number in range(12):
        lawful.write(f"source/page-{number}.md", f"# Page {number}\n")
    one = lawful.build("-j", "1").read("atlas.json")
    lawful.write("source/late.md", "# Late\n")
    many = lawful.build("-E", "-j", "4").read("atlas.json")
    assert json.loads(one)["diagrams"] == json.loads(many)["diagrams"]


def test_commands_and_output_are_no_error_strings(lawful: Project) -> None:
    lines = ("```{atlas-command} shown", ":effect: reads", ":on: linux", ":expect: ERR")
    block = "\n  ".join((*lines, "grep ERR /var/log/x.log", "--- prints ---", "ERR of the sample 7", "```"))
    lawful.change(GUIDE, ": `ERR queue is full`\n", f": `ERR queue is full`\n\n  {block}\n")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    guide = next(
        d for d in json.loads(built.read("atlas.json"))["diagrams"] if d["id"] == "debugging/queue-full"
    )
    assert guide["errors"] == ["ERR queue is full"]
    check = guide["gates"][0]["checks"][0]
    assert check["commands"] == ["grep ERR /var/log/x.log"]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ((":run-first:\n", ":run-first: yes\n"), "COMMAND002"),
        ((":look: depth\n", ":look: depth\n     :look: depth\n"), "COMMAND002"),
        (("`<host>`: the server", "\n\n     `<host>`\n\n     the server"), "COMMAND010"),
        (("`<host>`: the server", "`--host <host>`: the server"), "COMMAND010"),
        (("Close to its limit is a queue that fills: step 2. `refused`", "- `refused`"), "COMMAND013"),
        ((":loses: every job that waits", ":loses: 1,400 jobs"), "FACT011"),
        (("| over | orders", "| over | 1,400 orders"), "TIMELINE006"),
        (
            (
                "| over | orders flow again, {atlas:fact}`acme/outage:outage`",
                "| over | {atlas:fact}`acme/outage:outag`",
            ),
            "FACT001",
        ),
    ],
)
def test_more_planted_faults_are_red_twice(lawful: Project, fault: tuple[str, str], rule: str) -> None:
    page = GUIDE if fault[0] in (lawful.path / GUIDE).read_text(encoding="utf-8") else PAGE
    lawful.change(page, *fault)
    first, again = lawful.build(), lawful.build("-j", "4")
    assert rule in first.rules, first.log
    assert first.findings == again.findings


def test_a_typed_number_in_an_event_is_found_once(lawful: Project) -> None:
    lawful.change(PAGE, "| over | orders", "| over | 1,400 orders")
    assert len([line for line in lawful.build().findings if "1,400" in line]) == 1


def test_twins_have_one_place(lawful: Project) -> None:
    lawful.change(GUIDE, "{atlas-command} drop", "{atlas-command} depth")
    page = lawful.build().read("debugging/queue-full.html")
    assert page.count('id="debugging-queue-full-command-depth"') == 1


def test_an_incident_without_a_timeline_is_red_twice(lawful: Project) -> None:
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    start = text.index("```{atlas-timeline}")
    lawful.write(PAGE, text[:start] + text[text.index("```\n", start + 5) + 4 :])
    assert "TIMELINE007" in lawful.build().rules
    assert "TIMELINE007" in lawful.build().rules
