"""What a page may hold never ends the compilation: markup, odd scripts, doubled and dangling ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CASE = (Path(__file__).parents[1] / "cases" / "hostile.md").read_text(encoding="utf-8")
DIAGRAM = """
```{atlas-diagram} incidents/hostile
:title: '#panic() $x$ @y <z> "q" 漢'
:caption: Caption #1 \\\\ `x` 🏳️‍🌈
:alt: an "alt" <b> # $
:sources: acme/outage
:symptoms: "#sym; $ym; @sym; <sym>; 漢字; averyveryveryveryveryveryveryverylongsymptom/withoutaspace"
:alerts: "#Alert"

flowchart LR
  subgraph state
    A["💾 #panic $x @y 漢字 العربية 👩‍💻 👍🏽 🤷🏻‍♀️ ❤️ ⚡ 🇪🇺 1️⃣ ≠ ▶ ☃ ✔ ⏱ ℹ︎"]
  end
  subgraph edge
    B["🌐 {a} [b] &lt;c&gt;"]
  end
  A -->|"# $ @ ⚙️"| B
  click A "no/such"
```

::::{quality-gate} 3am
Error messages
: `#let x = 1` `$ $` `<label>` `@ref`

Logs
: ![picture](https://example.com/x.png)

  ```{atlas-diagram} incidents/inner
  :title: In a gate
  :alt: inner
  :sources: acme/outage

  flowchart LR
    subgraph edge
      A["one"]
    end
    A -->|"x"| A
  ```

Metrics
: none
::::
"""


@pytest.fixture
def hostile(lawful):
    lawful.write("source/incidents/hostile.md", CASE + DIAGRAM)
    return lawful


def test_it_compiles_and_prints_everything(hostile):
    bound = hostile.bind()
    assert "was not set" not in bound.log
    assert "is not PDF/UA-1" not in bound.log
    text = bound.volume("category-incidents").text
    squeezed = text.replace(" ", "")
    for words in (
        "#import “@preview/x:1.0.0”: *",
        "$ a^2 $ @label",
        "https://example.com/#a/$b/@c",
        '#let x = "$"; @preview/evil:0.1.0',
        "end-of-the-long-line",
        "AbstractSingletonProxyFactoryBean.getInstanceOrThrowIllegalStateException()",
        "wordwordwordwordwordwordword",
        "SELECT '#', \"$\", `@` FROM <t>;",
        "At the foot.",
        "Its meaning.",
        "#panic $x @y",
        "👍",
        "In a gate",
        "picture",
        "#sym",
        "#Alert",
        "#panic()",
    ):
        assert words.replace(" ", "") in squeezed, words


def test_what_no_font_has_is_spelled_out_and_told(hostile):
    bound = hostile.bind()
    assert "U+6F22" in bound.volume("category-incidents").text
    [line] = re.findall(r"^.*hostile\.md.*no font of the binder has.*$", bound.log, re.M)
    assert "U+6F22" in line
    assert "[atlas.pdf]" in line
    assert re.search(r"hostile\.md.*no font of the binder has", hostile.bind().log), "told on every build"


def test_an_unknown_node_is_a_warning_with_its_place(lawful):
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write(
        "conf.py",
        f"import sys\nsys.path.insert(0, {str(lawful.path)!r})\n{conf}\nextensions.append('strange')\n",
    )
    lawful.write(
        "strange.py",
        """
from docutils import nodes
from docutils.parsers.rst import Directive

class strange(nodes.General, nodes.Element): pass

class Strange(Directive):
    def run(self):
        node = strange("", nodes.paragraph("", "strange words"))
        node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
        return [node]

def setup(app):
    app.add_node(strange)
    app.add_directive("strange", Strange)
""",
    )
    page = lawful.path / "source/incidents/acme-2024-03-05.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n```{strange}\n```\n", encoding="utf-8")
    bound = lawful.bind()
    assert re.search(r"acme-2024-03-05\.md:\d+: WARNING: the binder does not know strange", bound.log)
    assert "strange words" in bound.volume("3am").text


@pytest.mark.parametrize("name", ["bad.svg", "bad.png"])
def test_a_broken_picture_leaves_its_words_and_is_named_on_every_build(lawful, name):
    (lawful.path / "source" / name).write_text("no picture")
    page = lawful.path / "source/incidents/acme-2024-03-05.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n![what it shows](../{name})\n", encoding="utf-8")
    for _ in range(2):
        bound = lawful.bind()
        assert re.search(rf"acme-2024-03-05\.md: WARNING: the picture {name} cannot be printed", bound.log)
        assert "was not set" not in bound.log
        assert "what it shows" in bound.volume("3am").text
    assert lawful.bind("-W").code == 1


def test_no_text_begins_beyond_the_edge(hostile):
    edges: list[float] = []

    def see(text, cm, tm, font, size):
        del text, font, size
        edges.append(tm[4] * cm[0] + cm[4])

    for page in hostile.bind().volume("category-incidents").pdf.pages:
        page.extract_text(visitor_text=see)
        assert max(edges) <= page.mediabox.width


def test_a_picture_is_not_blown_up(lawful):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )
    lawful.write("source/small.svg", drawing)
    page = lawful.path / "source/incidents/acme-2024-03-05.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n![small](../small.svg)\n", encoding="utf-8")
    figures = lawful.bind().volume("category-incidents").figures()
    assert figures[-1] == pytest.approx((40 * 0.75, 20 * 0.75), abs=0.01)


ODD = """
```{glossary}
Wombat
  A beast.
```

```{hlist}
- first thing
```

```{centered} Middle words
```

```{seealso}
Other things.
```

```{py:function} frob(x: int, *, y: str = "a") -> bool

Frobs it.
```
"""


def test_what_sphinx_itself_writes_is_known(lawful):
    page = lawful.path / "source/incidents/acme-2024-03-05.md"
    page.write_text(page.read_text(encoding="utf-8") + ODD, encoding="utf-8")
    bound = lawful.bind()
    assert "the binder does not know" not in bound.log
    text = bound.volume("category-incidents").text
    for words in ("Wombat A beast.", "first thing", "Middle words", "See also Other things.", "Frobs it."):
        assert words in text
    assert "frob(x: int, *, y: str = 'a') -> bool" in text
    assert "Desc" not in text.replace("Description", "")


def test_a_gate_that_there_is_not_prints_its_answers(lawful):
    lawful.change("source/incidents/acme-2024-03-05.md", "{quality-gate} 3am", "{quality-gate} 4am")
    bound = lawful.bind()
    assert "GATE001" in bound.log
    assert "ERR queue is full" in bound.volume("category-incidents").text


def drawn(width: int) -> str:
    """A picture of that width in px."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def pictured(lawful):
    def write(reference: str):
        page = lawful.path / "source/incidents/acme-2024-03-05.md"
        page.write_text(
            f"{page.read_text(encoding='utf-8')}\n![what it shows]({reference})\n", encoding="utf-8"
        )
        return lawful

    return write


@pytest.mark.parametrize("reference", ["nothere.png", "/abs.png", "nothere%00.png", "../incidents.png"])
def test_a_picture_that_is_not_there_leaves_its_words_and_is_named_on_every_build(pictured, reference):
    project = pictured(reference)
    (project.path / "source/incidents.png").mkdir()
    for _ in range(2):
        bound = project.bind()
        assert bound.code == 0, bound.log
        assert re.search(r"acme-2024-03-05\.md: WARNING: there is no picture \S+ that can be read", bound.log)
        assert "what it shows" in bound.volume("3am").text


def test_a_picture_may_have_a_blank_in_its_name(pictured):
    project = pictured("<../a picture.svg>")
    project.write("source/a picture.svg", drawn(40))
    bound = project.bind()
    assert "there is no picture" not in bound.log
    assert bound.volume("category-incidents").figures()[-1][0] == pytest.approx(30, abs=0.01)


def test_a_changed_picture_is_printed_and_one_that_is_gone_leaves_its_words(pictured):
    project = pictured("../small.svg")
    for width in (40, 60):
        project.write("source/small.svg", drawn(width))
        bound = project.bind()
        assert "category-incidents" in bound.set
        assert bound.volume("category-incidents").figures()[-1][0] == pytest.approx(width * 0.75, abs=0.01)
    (project.path / "source/small.svg").unlink()
    bound = project.bind()
    assert "there is no picture small.svg" in bound.log
    assert "what it shows" in bound.volume("category-incidents").text
