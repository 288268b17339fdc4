"""The extension as a guest: every page that shows nothing of the atlas stays as it was, byte by byte."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas_sphinx.config import SETTINGS

from .conftest import LAWFUL, ROOT, Build, Project

CONF = """
project = "Host"
extensions = ["myst_parser", "sphinx.ext.mathjax", "sphinxcontrib.mermaid"]
exclude_patterns = ["_data"]
html_theme = "THEME"
html_static_path = ["_static"]
html_css_files = ["https://fonts.example/sheet.css"]
html_js_files = ["https://stats.example/count.js", "own.js"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
"""
PAGES = {
    "source/index.rst": """
Host
====

We run 3 clusters, see `the old docs <http://old.example/>`_ and :math:`x^2`.

.. raw:: html

   <b style="color: red" onclick="own()">red</b><script>own()</script>

.. list-table::
   :widths: 20 80

   * - 12 %
     - of all

.. toctree::
   :numbered:
   :caption: Parts

   self
   one
   Custom title <ops/two>
   GitHub <https://github.example/>
   shown
""",
    "source/one.md": """# One

99% of 12 users. ![badge](http://badge.example/a.png){width=300px}

```bash
$ rm -rf 3
```

```{mermaid}
flowchart LR
  A["99% of users"] --> B
```
""",
    "source/ops/two.md": "# Two\n\nThe stream plane has 40 hosts.\n\n## A part\n\nSee [one](../one.md).\n",
    "source/_static/own.js": "function own() {}\n",
}
DIAGRAM = """# Shown

```{atlas-diagram} order-path
:title: The path of an order
:alt: An order reaches the queue.
:sources: acme/outage

flowchart LR
  subgraph service
    A["📦 Shop"]
  end
  subgraph state
    Q[("💾 Orders<br/>${backlog}")]
  end
  A -->|"order"| Q
```
"""


def host(make: Callable[[dict[str, str]], Project], theme: str, shown: str) -> Project:
    conf = CONF.replace("THEME", theme).replace('["_static"]', '["source/_static"]')
    return make({"conf.py": conf, **PAGES, "source/shown.md": shown})


def with_atlas(made: Project) -> Build:
    made.change("conf.py", '"sphinxcontrib.mermaid"]', '"sphinxcontrib.mermaid", "atlas_sphinx"]')
    return made.build("-E", builder="html")


def pages(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.html")}


def without(made: Project, builder: str) -> dict[str, bytes]:
    """The pages as they are without the extension, which would lay its settings upon `-D`."""
    built = made.build("-D", "suppress_warnings=config", builder=builder)
    assert built.code == 0, built.log
    return pages(built.out)


@pytest.mark.parametrize(
    ("theme", "builder"), [("furo", "html"), ("alabaster", "dirhtml"), ("basic", "singlehtml")]
)
def test_no_page_without_a_diagram_changes(project, theme, builder):
    made = host(project, theme, "# Shown\n\nNothing yet.\n")
    before = without(made, builder)
    made.change("conf.py", '"sphinxcontrib.mermaid"]', '"sphinxcontrib.mermaid", "atlas_sphinx"]')
    built = made.build("-E", "-nW", "--keep-going", builder=builder)
    assert (built.code, built.findings) == (0, []), built.log
    assert pages(built.out) == before
    assert not (built.out / "_static/atlas.css").exists()


def test_a_diagram_changes_its_own_page_and_no_other(project):
    made = host(project, "furo", "# Shown\n\nNothing yet.\n")
    before = without(made, "html")
    made.write("source/shown.md", DIAGRAM)
    ledger = "source/_data/sources/acme.toml"
    made.write(ledger, (LAWFUL / ledger).read_text(encoding="utf-8"))
    built = with_atlas(made)
    assert {line.split(":")[0] for line in built.findings if "/_data/" not in line} == {"source/shown.md"}
    after = pages(built.out)
    assert {name for name in after if after[name] != before[name]} == {"shown.html"}
    shown = built.read("shown.html")
    assert "atlas.css" in shown
    assert "reader.js" in shown
    assert "finder.js" not in shown
    assert "Content-Security-Policy" not in shown
    assert "host.css" not in shown


def test_a_page_is_judged_where_it_shows_something_or_is_named(project):
    made = host(project, "basic", "# Shown\n\nIt took 43 seconds, see {atlas:source}`acme/outage`.\n")
    built = with_atlas(made)
    judged = {line.split(":")[0] for line in built.findings if "FACT011" in line}
    assert judged == {"source/shown.md"}
    assert "atlas.css" in built.read("shown.html")
    assert "host.css" in built.read("shown.html")
    again = made.build("-D", "atlas_pages=ops/**")
    judged = {line.split(":")[0] for line in again.findings if "FACT011" in line or "PLANE004" in line}
    assert judged == {"source/shown.md", "source/ops/two.md"}
    named = made.build("-D", "atlas_pages=index")
    assert {"PAGE001", "LINK002", "FACT011"} <= set(re.findall(r"index\.rst:.*\[atlas\.(\w+)\]", named.log))


def test_the_finder_comes_to_its_own_page_or_to_all(project):
    made = host(project, "basic", "# Shown\n\n```{atlas-view} home\n```\n")
    built = with_atlas(made)
    assert "finder.js" in built.read("shown.html")
    assert "finder.js" not in built.read("one.html") + built.read("search.html")
    asked = made.build("-D", "atlas_finder=1")
    assert all("finder.js" in asked.read(page) for page in ("shown.html", "one.html", "search.html"))


@pytest.mark.parametrize(
    "setting", ["atlas_draw_timeout='x'", "atlas_csp='yes'", "atlas_pages='ops'", "atlas_max_age=True"]
)
def test_a_setting_of_another_type_is_one_error(project, setting):
    made = host(project, "basic", "# Shown\n")
    made.change("conf.py", '"sphinxcontrib.mermaid"]', f'"atlas_sphinx"]\n{setting}')
    built = made.build()
    assert built.code != 0
    assert f"{setting.partition('=')[0]}: " in built.log
    assert "ConfigError" in built.log


def test_every_setting_is_documented_with_its_default():
    page = (ROOT / "source/reference/settings.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"`(atlas_\w+)` \(`([^`]*)`\)", page))
    assert documented == {s.name: repr(s.default).replace("'", '"') for s in SETTINGS}


@pytest.mark.parametrize("drawn", [True, False])
def test_a_strict_build_is_green_without_the_engine_where_that_is_said(lawful, drawn):
    lawful.write("nowhere/merman.py", "raise ImportError('no wheel')\n")
    if not drawn:
        lawful.change("conf.py", '"sphinxcontrib.mermaid", ', "")
    path = {"PYTHONPATH": os.pathsep.join((str(lawful.path / "nowhere"), str(ROOT / "_ext")))}
    assert lawful.build(env=path).rules == {"MERMAID007"}
    strict = lawful.build("-nW", "--keep-going", "-D", "atlas_without_engine=pass", env=path)
    assert (strict.code, strict.findings) == (0, []), strict.log
    page = strict.read("incidents/acme-2024-03-05.html")
    assert ('class="mermaid"' in page) is drawn
    assert "1.4 M jobs waiting" in re.sub(r"<[^>]+>|&lt;br/&gt;", " ", page)


def test_what_no_setting_is_called_is_said(project):
    made = host(project, "basic", "# Shown\n")
    made.change(
        "conf.py", '"sphinxcontrib.mermaid"]', '"atlas_sphinx"]\natlas_planes = {}\natlas_finde = True'
    )
    said = [line for line in made.build().log.splitlines() if "[atlas.config]" in line]
    assert len(said) == 2
    assert "atlas_planes" in said[0]
    assert "atlas_finder" in said[1]


def test_what_was_meant_as_a_directive_is_said_where_it_stands(project):
    apart = "See {atlas:fact} `acme/outage:outage`.\n\nSee :atlas:fact:`acme/outage:outage`."
    made = host(project, "basic", f"# Shown\n\n```atlas-view\n```\n\n{apart}\n\n~~~~{{text}}\n~~~~\n")
    made.change("conf.py", '"colon_fence", ', "")
    made.write("source/one.md", "# One\n\n:::{quality-gate} incident\n:::\n")
    made.write("source/ops/two.rst", "Two\n===\n\nIt took {atlas:fact}`acme/outage:outage`, a `title`.\n")
    (made.path / "source/ops/two.md").unlink()
    built = with_atlas(made)
    found = [
        (line.split(": ")[0], line.partition("(")[2][:22]) for line in built.findings if "DIAGRAM007" in line
    ]
    assert found == [
        ("source/one.md:3", 'add "colon_fence" to m'),
        ("source/ops/two.rst:4", "write :atlas:fact:`…`)"),
        ("source/shown.md:3", "write ```{atlas-view},"),
        ("source/shown.md:6", "leave out the blank be"),
        ("source/shown.md:8", "write {atlas:fact}`…`)"),
    ]
