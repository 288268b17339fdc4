"""Import: plain Mermaid of a team becomes diagrams, the difference first, all files or none."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from textwrap import indent

import pytest

from atlas.diagrams import mermaid, planes
from atlas.records.model import Place, Plane
from atlas_cli.imported import LEDGER
from atlas_cli.making_lawful import describe, mend, place
from atlas_cli.offering import write_all
from atlas_cli.proposing import PLANES, propose
from atlas_cli.rst_blocks import read_directives
from atlas_cli.terminal import RefusalError

from .conftest import ENV, Desk

FLOW = """\
---
title: Orders
---
%%{init: {"theme": "dark"}}%%
flowchart lr
  A[fa:fa-user User] -->|50 ms| B[(Orders)]
  B --> K[Kraken]
  style A fill:#f9f
  click A "https://acme.example/" "tip 3"
  click B call show()
"""
PAGE = f"""\
# Order path

Words.

```mermaid
{FLOW}```

## Shapes

- A list

  ```{{mermaid}}
  :name: calls
  :caption: Who calls
  :zoom:

  sequenceDiagram
    participant A as Browser
    A->>B: asks
    participant DB as Order DB
    B->>DB: looks up
  ```

> ~~~mermaid
> stateDiagram-v2
>   [*] --> Waiting
>   Waiting --> [*]
> ~~~

```mermaid
pie
```

```mermaid
flowchart LR
  A -->|x B
```
"""
RST = """\
Path
====

.. mermaid:: path.mmd
   :caption: The path

.. note::

   .. mermaid::

      flowchart LR
        C[Client] --> D[(Store)]
"""
CONF = """\
project = "Team"
extensions = ["myst_parser", "sphinxcontrib.mermaid", "atlas_sphinx"]
myst_enable_extensions = ["deflist"]
exclude_patterns = ["_data", "_build"]
html_theme = "basic"
atlas_strictness = "planes"
atlas_today = "2024-04-10"
"""


@pytest.fixture
def team(tmp_path):
    """A team's documentation: no atlas in it yet."""
    desk = Desk(tmp_path / "team")
    desk.write("docs/conf.py", CONF)
    desk.write("docs/index.md", "# Team\n\n```{toctree}\nops/order-path\nops/path\n```\n")
    desk.write("docs/ops/order-path.md", PAGE)
    desk.write("docs/ops/path.rst", RST)
    desk.write("docs/ops/path.mmd", "flowchart LR\n  Q[Queue] --> W[Worker]\n")
    return desk


def test_the_difference_comes_first(team):
    done = team.run("import")
    assert done.code == 1
    assert "--- a/docs/ops/order-path.md\n+++ b/docs/ops/order-path.md\n" in done.out
    assert "+++ b/docs/_data/sources/imported.toml" in done.out
    assert "nothing was changed; --yes writes without asking" in done.err
    assert team.read("docs/ops/order-path.md") == PAGE
    assert not (team.path / "docs/_data" / LEDGER).exists()


def test_what_comes_in_what_is_asked_and_what_stays(team):
    done = team.run("import", "--json")
    rows = {row["id"]: row for row in done.data["taken"]}
    assert list(rows) == [
        *("ops/order-path/orders", "ops/order-path/who-calls", "ops/order-path/shapes"),
        *("ops/path/the-path", "ops/path"),
    ]
    orders = rows["ops/order-path/orders"]
    assert (orders["line"], orders["boxes"], orders["title"]) == (5, 3, "Orders")
    assert orders["planes"] == {"A": "edge", "B": "state", "K": "service"}
    assert (orders["asked"], orders["figures"]) == (["K"], ["50"])
    assert orders["gone"] == ["settings", "icons", "the link call show()", "colours"]
    assert rows["ops/order-path/who-calls"]["gone"] == ["the option zoom"]
    assert [(f["line"], f["rule"]) for f in done.data["left"]] == [(41, "MERMAID002"), (46, "MERMAID001")]
    assert done.data["written"] == []
    said = " ".join(team.run("import", "-q").out.split())
    assert "“Kraken” docs/ops/order-path.md:5" in said
    assert "7 blocks: 5 come in, 2 stay; 11 boxes: 0 had a plane, " in said
    assert "1 typed figure to be sourced" in said


def test_an_answer_holds_for_all_diagrams(team):
    done = team.run("import", "--plane", "kraken=control", "--category", "kept", "--json")
    orders = done.data["taken"][0]
    assert (orders["id"], orders["planes"]["K"]) == ("kept/order-path/orders", "control")
    assert "K" not in orders["asked"]


def test_blocks_are_written_where_they_stand(team):
    assert team.run("import", "-q", "--yes").code == 1
    page = team.read("docs/ops/order-path.md")
    assert (
        """\
```{atlas-diagram} ops/order-path/orders
:title: Orders
:sources:
:alt: User to Orders; Orders to Kraken.

flowchart LR
  A[User] -->|50 ms| B[(Orders)]
  B --> K[Kraken]
  click A "https://acme.example/"
  class A edgeStyle
  class K serviceStyle
  class B stateStyle
```

```{quality-gate} incident
Failure modes
: not published:
"""
        in page
    )
    assert (
        """\
  (calls)=

  ```{atlas-diagram} ops/order-path/who-calls
  :title: Who calls
  :sources:
  :caption: Who calls
  :alt: Browser to B (asks); B to Order DB (looks up).

  sequenceDiagram
    box edge
      participant A as Browser
    end
"""
        in page
    )
    assert "> ~~~{atlas-diagram} ops/order-path/shapes\n> :title: Order path: Shapes\n" in page
    assert page.endswith(PAGE[PAGE.index("```mermaid\npie") :])
    rst = team.read("docs/ops/path.rst")
    assert ".. atlas-diagram:: ops/path/the-path\n   :title: The path\n" in rst
    assert "   .. quality-gate:: incident\n\n      Failure modes\n         not published:\n" in rst
    assert [block.id for block in read_directives(rst)] == ["ops/path/the-path", "ops/path"]
    assert team.read("docs/ops/path.mmd")


def test_what_came_in_is_lawful_and_comes_in_once(team):
    team.run("import", "-q", "--yes")
    found = team.run("validate", "docs/ops/order-path.md", "docs/ops/path.rst", "--json").data
    assert {f["rule"] for f in found if f["line"] < 80} == {"FACT003"}
    again = team.run("import", "--json")
    assert (again.data["taken"], again.data["diff"]) == ([], [])
    assert len(again.data["left"]) == 2


def test_the_ledger_waits_and_keeps_what_is_written(team):
    team.run("import", "-q", "--yes")
    first = team.read(f"docs/_data/{LEDGER}")
    assert tomllib.loads(first) == {}
    assert '# [ops-order-path-orders]\n# title = "Orders"\n' in first
    assert '# figure1 = { value = "50", where = "…", says = "50 ms", as_of = … }' in first
    team.write("docs/more.md", f"# More\n\n```mermaid\n{FLOW}```\n")
    team.write(f"docs/_data/{LEDGER}", first.replace("# [ops-path]", "[ops-path]"))
    team.run("import", "-q", "--yes", "docs/more.md")
    now = team.read(f"docs/_data/{LEDGER}")
    assert tomllib.loads(now) == {"ops-path": {}}
    assert now.count("# [ops-order-path-orders]") == 1
    assert now.count("# [diagrams-more]") == 1


def test_a_file_of_mermaid_becomes_a_page(team):
    assert team.run("import", "-q", "--yes", "docs/ops/path.mmd").code == 2  # path.rst is another page
    team.write("docs/ops/workers.mmd", "flowchart LR\n  Q[Queue] --> W[Worker]\n")
    assert team.run("import", "-q", "--yes", "docs/ops/workers.mmd").code == 0
    page = team.read("docs/ops/workers.md")
    assert page.startswith("# Workers\n\n```{atlas-diagram} ops/workers\n:title: Workers\n")
    done = team.run("import", "-q", "--yes", "docs/ops/workers.mmd")
    assert (done.code, "workers.md stands beside docs/ops/workers.mmd already" in done.err) == (2, True)


def test_what_stands_in_restructuredtext_within_markdown_stays_that(team):
    directive = ".. mermaid::\n\n   flowchart LR\n     A[User] --> B[(Disk)]\n"
    team.write("docs/a.md", f"# A\n\n- x\n\n  ```{{eval-rst}}\n{indent(directive, '  ')}  ```\n\nend\n")
    assert team.run("import", "-q", "--yes", "docs/a.md").code == 0
    page = team.read("docs/a.md")
    assert "  ```{eval-rst}\n  .. atlas-diagram:: diagrams/a\n     :title: A\n" in page
    assert "\n  .. quality-gate:: incident\n" in page
    assert page.endswith("not published:\n  ```\n\nend\n")
    done = team.run("validate", "docs/a.md")
    assert (done.code, done.err) == (0, "1 diagram, 0 findings\n")


def test_line_endings_marks_and_the_last_line_stay(team):
    page = "\ufeff# A\r\n\r\n```mermaid\r\nflowchart LR\r\n  A[User]\r\n```"
    (team.path / "docs/a.md").write_bytes(page.encode())
    assert team.run("import", "-q", "--yes", "docs/a.md").code == 0
    data = (team.path / "docs/a.md").read_bytes()
    assert data.startswith("\ufeff# A\r\n\r\n```{atlas-diagram} diagrams/a\r\n".encode())
    assert data.count(b"\n") == data.count(b"\r\n")
    assert not data.endswith(b"\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["README.md"], "README.md is not below"),
        (["docs/conf.py"], "docs/conf.py is no page and no Mermaid"),
        (["--plane", "kraken=stream"], "kraken=stream answers nothing"),
        (["--plane", "=state"], "answers nothing"),
        (["--category", "Big Ops"], "Big Ops is no category"),
    ],
)
def test_what_is_refused(team, words, said):
    done = team.run("import", *words)
    assert (done.code, said in done.err) == (2, True)


def test_what_cannot_be_read_stays(team):
    team.write("docs/b.md", "# B\n\n<!--\n```mermaid\n```\n-->\n")
    assert "; 1 not read (samples, comments)" in team.run("import", "docs/b.md").out
    team.write("docs/a.md", "# A\n\n```{mermaid} gone.mmd\n```\n\n```mermaid\nflowchart LR\n  A[User]\n")
    left = team.run("import", "docs/a.md", "--json").data["left"]
    assert [(f["line"], f["rule"]) for f in left] == [(3, "MERMAID003"), (6, "MERMAID001")]
    assert "cannot read" in left[0]["message"]
    assert left[1]["message"] == "the fence is not closed"


def test_all_files_are_written_or_none(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("one")
    (tmp_path / "c.md").mkdir()
    texts = {"a.md": ("one", "two"), "b.md": ("", "new"), "c.md/d/..": ("", "x")}
    with pytest.raises(RefusalError):
        write_all(tmp_path, texts)
    assert (tmp_path / "a.md").read_text() == "one"
    assert not (tmp_path / "b.md").exists()
    with pytest.raises(RefusalError, match=r"a\.md changed meanwhile"):
        write_all(tmp_path, {"a.md": ("other", "two")})
    assert (tmp_path / "a.md").read_text() == "one"
    assert {p.name for p in tmp_path.iterdir()} == {"a.md", "c.md"}


@pytest.mark.parametrize(
    ("label", "plane"),
    [
        *(("Queue worker", Plane.SERVICE), ("Database proxy", Plane.EDGE), ("OrderQueues", Plane.STATE)),
        *(("S3", Plane.STATE), ("Load Balancer", Plane.EDGE), ("kube-scheduler", Plane.CONTROL)),
        ("Redis<br/>of the gateway", Plane.STATE),
    ],
)
def test_the_head_of_a_name_tells_the_plane(label, plane):
    graph, _ = mermaid.parse(f'flowchart LR\n  x["{label}"]', Place("", 1))
    assert graph
    assert [(p.plane, bool(p.word)) for p in propose(graph, {})] == [(plane, True)]


def test_a_group_tells_where_the_box_does_not():
    graph, _ = mermaid.parse(
        'flowchart LR\n  subgraph s ["Data stores"]\n    x["Kraken"]\n  end', Place("", 1)
    )
    assert graph
    assert [(p.plane, p.word) for p in propose(graph, {})] == [(Plane.STATE, "store")]
    assert all(word == word.lower() for word in PLANES)


@pytest.mark.parametrize(
    "text",
    [
        "stateDiagram-v2\n  [*] --> Waiting\n  state Busy {\n    Queue --> Disk\n  }\n  Waiting --> Busy",
        "sequenceDiagram\n  autonumber\n  actor U as User\n  U->>DB: asks\n  Note over DB: waits",
        "flowchart TD\n  a-b[User] --> c.d[(Disk)]\n  subgraph edge\n    L[LB]\n  end",
    ],
    ids=["state", "sequence", "flowchart"],
)
def test_each_kind_of_diagram_says_its_planes(text):
    graph, _ = mermaid.parse(text, Place("", 1))
    assert graph
    placed = place(text, graph, {p.node.id: p.plane for p in propose(graph, {})})
    again, found = mermaid.parse(placed, Place("", 1))
    assert again
    assert not found
    boxes = {node.id for node in again.nodes if node.shape not in planes.PSEUDO_STATES}
    assert planes.assign(again).keys() >= boxes
    assert [e.label for e in again.edges] == [e.label for e in graph.edges]


def test_a_sequence_with_boxes_of_its_own_is_left_to_its_author():
    text = "sequenceDiagram\n  box Team\n    participant A\n  end\n  A->>A: x"
    graph, _ = mermaid.parse(text, Place("", 1))
    assert graph
    assert place(text, graph, {"A": Plane.EDGE}) == text
    assert place(text, graph, {}) == text


def test_hidden_words_become_title_and_description():
    mended = mend(
        "flowchart LR\n  accTitle: Orders\n  accDescr {\n    How an order\n    moves\n  }\n  A --> B"
    )
    assert (mended.title, mended.description) == ("Orders", "How an order moves")
    assert mended.text == "flowchart LR\n  A --> B"
    assert mended.gone == ()


def test_an_alternative_text_types_no_figure_and_ends():
    graph, _ = mermaid.parse("flowchart LR\n  A[Shard 3] --> B[Disk]", Place("", 1))
    assert graph
    assert describe(graph, "T") == "A to Disk."
    many = "\n".join(f'  A{n}["{"word " * 20}"] --> B' for n in range(9))
    graph, _ = mermaid.parse(f"flowchart LR\n{many}", Place("", 1))
    assert graph
    assert len(describe(graph, "T")) < 400
    assert not any(c.isdigit() for c in describe(graph, "T"))


@pytest.mark.slow  # two builds, one of them in HTML
def test_fifty_diagrams_on_the_first_day(team):
    pages = "\n".join(f"d{n}" for n in range(50))
    for n in range(50):
        team.write(f"docs/d{n}.md", f"# Diagram {n}\n\n```mermaid\n{FLOW}```\n")
    team.write("docs/index.md", f"# Team\n\n```{{toctree}}\n{pages}\nops/order-path\nops/path\n```\n")
    team.change("docs/ops/order-path.md", PAGE[PAGE.index("```mermaid\npie") :], "")
    assert team.run("import", "-q", "--yes").code == 0
    out = team.path / "out"
    command = [sys.executable, "-m", "sphinx", "-nW", "--keep-going", "-b", "html", "docs", str(out)]
    built = subprocess.run(command, cwd=team.path, env=ENV, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert (out / "d7.html").read_text().count("<svg") >= 1
    debt = team.run("status", "--json").data["debt"]
    assert (debt["strictness"], debt["diagrams"]) == ("planes", 55)
    assert debt["waiting"]["sources"] > 55
    assert "debt " in team.run("status").out
    team.change("docs/conf.py", '"planes"', '"all"')
    assert team.run("status", "--json").data["totals"]["findings"] >= debt["total"]
