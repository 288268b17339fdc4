"""Validate: Mermaid and plane rules on anything, in four formats, and as a pre-commit hook."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import indent

import pytest
import yaml

from atlas_cli.fences import read_fences
from atlas_cli.rst_blocks import read_directives

from .conftest import GUIDE, INCIDENT, PAGE, ROOT

ONE = "```{atlas-diagram} a\nx\n```\n"
OPENED = "```{atlas-diagram} "
BAD = 'flowchart LR\n  A["x"] --> B:::streamStyle\n'


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('flowchart LR\n  subgraph edge\n    A["a"]\n  end\n', []),
        (BAD, ["PLANE001", "PLANE001", "PLANE004"]),
        ("pie\n", ["MERMAID002"]),
        ("", ["MERMAID003"]),
        ("flowchart LR\n  A[", ["MERMAID001"]),
        ('%%{init: {"theme": "dark"}}%%\nflowchart LR\n  A:::edgeStyle', ["MERMAID004"]),
    ],
    ids=["lawful", "planes", "type", "empty", "syntax", "settings"],
)
def test_standard_input(desk, text, rules):
    done = desk.run("validate", "-", "--json", given=text)
    assert [finding["rule"] for finding in done.data] == rules
    assert done.code == bool(rules)


def test_lines_are_those_of_the_file(desk):
    desk.write("a.mmd", "flowchart LR\n\n  A:::edgeStyle --> B")
    done = desk.run("validate", "a.mmd")
    assert done.out.startswith("a.mmd:3: error PLANE001 node B stands in no plane")
    assert done.err == "1 diagram, 1 finding\n"
    desk.change(PAGE, "⚙️ Order API", "⚙️ Order API 50 ms")
    assert desk.run("validate", PAGE).out.startswith(f"{PAGE}:18: error FACT003")


def test_pages_of_the_project_are_lawful(desk):
    done = desk.run("validate", PAGE, GUIDE, "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_page_on_standard_input(desk):
    assert desk.run("validate", "-", given=desk.read(PAGE)).err == "1 diagram, 0 findings\n"


def test_technologies_of_the_project_are_known(desk):
    label = 'flowchart LR\n  A["Redis 7.2"]:::stateStyle\n'
    assert desk.run("validate", "-", given=label).code == 1
    home = 'home = "https://redis.io/"'
    desk.write("source/_data/technologies/t.toml", f'[redis]\nname = "Redis"\nkind = "store"\n{home}\n')
    assert desk.run("validate", "-", given=label).code == 0


def test_it_works_outside_of_a_project(desk, tmp_path):
    (tmp_path / "alone").mkdir()
    assert desk.run("validate", "-", given=BAD, cwd=tmp_path / "alone").code == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "stdin:2: error PLANE004"),
        ("json", '"rule": "PLANE004"'),
        ("github", "::error file=stdin,line=2,title=PLANE004::there is no stream plane"),
        ("sarif", '"ruleId": "PLANE004"'),
    ],
)
def test_formats(desk, form, said):
    done = desk.run("validate", "-", "--format", form, given=BAD)
    assert said in done.out
    if form in ("json", "sarif"):
        assert json.loads(done.out)


def test_a_file_that_is_no_text(desk):
    (desk.path / "a.mmd").write_bytes(b"\xff\xfe")
    done = desk.run("validate", "a.mmd")
    assert (done.code, "byte 0xff is not UTF-8" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("```{atlas-diagram} a/b\n:title: x\n\nflowchart\n```\n", [("a/b", "flowchart", 4)]),
        (":::{atlas-diagram} a/b\n:title: x\n\nflowchart\n:::\n", [("a/b", "flowchart", 4)]),
        ("````{atlas-diagram} a\nflowchart\n```\n````\n", [("a", "flowchart\n```", 2)]),
        ("~~~{atlas-diagram} a\n\n\nflowchart", [("a", "flowchart", 4)]),
        ("- x\n  ```{atlas-diagram} a\n  flowchart\n    A\n  ```\n", [("a", "flowchart\n  A", 3)]),
        ("```{atlas-diagram} a\n```\n```{atlas-diagram} b\nx\n```", [("a", "", 2), ("b", "x", 4)]),
        ("```mermaid\nflowchart\n```\n", [("", "flowchart", 2)]),
        ("`{atlas-diagram} a`\n", []),
        (f"````md\n{ONE}````\n{ONE}", [("a", "x", 7)]),
        (f"````console\n$ cat a.md\n{ONE}````\n", []),
        (f"````{{code-block}} md\n{ONE}````\n", []),
        (f"~~~\n{ONE}~~~\n", []),
        (f":::::{{note}}\n::::{{tip}}\n{ONE}::::\n:::::\n", [("a", "x", 4)]),
        (f"<!--\n{ONE}-->\n{ONE}", [("a", "x", 7)]),
        (f"<!-- one -->\n{ONE}", [("a", "x", 3)]),
        (f"<!--\n{ONE}", []),
        (f"<pre>\n{ONE}</PRE>\n{ONE}", [("a", "x", 7)]),
        ("``` {atlas-diagram}  a\n:title: x\n\nx\n```", [("a", "x", 4)]),
        ("> ```{atlas-diagram} a\n> :title: x\n>\n> x\n>   y\n> ```\nz", [("a", "x\n  y", 4)]),
        ("> ```{atlas-diagram} a\n> x\nz", [("a", "x", 2)]),
        ("- ```{atlas-diagram} a\n  x\n  ```\n", [("a", "x", 2)]),
        ("```{atlas-diagram} a\n---\ntitle: x\n---\nx\n```", [("a", "x", 5)]),
        ("```{atlas-diagram} a\n---\ntitle: x\n```", [("a", "", 4)]),
        ("```{atlas-diagram} a\n:title: x\n```", [("a", "", 3)]),
        ("```not `a` fence\n```{atlas-diagram} a\nx\n```", [("a", "x", 3)]),
    ],
    ids=[
        *("backticks", "colons", "long", "tildes-open", "indented", "two", "plain", "inline"),
        *("sample", "console", "code-block", "tildes", "nested", "comment", "one-line-comment"),
        *("comment-open", "pre", "blank", "quote", "quote-open", "item", "dashes", "dashes-open"),
        *("options-only", "backtick-in-info"),
    ],
)
def test_fences(text, blocks):
    assert [(b.id, b.text, b.line) for b in read_fences(text)] == blocks


IN = indent(ONE, "    ")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"# Sample\n\n{IN}\n{ONE}", [8]),
        (f"text\n{IN}", []),
        (f"\t{OPENED}a\n\tx\n\t```\n", []),
        (f"{indent(ONE, '   ')}", [2]),
        (f"> text\n>\n{indent(IN, '> ')}", []),
        (f"::::{{note}}\n{IN}::::\n", []),
        (f"- item\n\n{IN}", [4]),
        (f"- item\n\n    {IN}", []),
        (f"- item\n\ntext\n\n{IN}", []),
        (f"-\titem\n\n{IN}", [4]),
        (f"-\n{indent(ONE, '  ')}", [3]),
        (f"-     {OPENED}a\n", []),
        (f"- 10. item\n\n      {indent(ONE, '      ').lstrip()}", [4]),
        (f"Term\n:   text\n\n{IN}", [5]),
        (f"Term\n: ```sh\n  $ x\n  ```\n\n{ONE}", [7]),
        (f"- item\n\n  > quoted\n\n{IN}", [6]),
        (f"- > quoted\n  >\n{indent(ONE, '  > ')}", [4]),
        (f"> ```sh\n> $ x\n{ONE}", [4]),
        (f"$$\n{ONE}$$\n\n{ONE}", [8]),
        (f"$$ x\n{ONE}\n y $$ (label)\n{ONE}", [8]),
        (f"$$x$$\n{ONE}", [3]),
        (f"$$ alone\n{ONE}", [3]),
    ],
    ids=[
        *(
            "code",
            "text",
            "tab",
            "three",
            "quote",
            "directive",
            "item",
            "code-in-item",
            "item-over",
            "item-tab",
        ),
        *("item-empty", "item-of-code", "nested", "definition", "fence-in-definition"),
        *("quote-in-item", "item-with-quote", "quote-over", "math", "math-label", "math-line", "math-open"),
    ],
)
def test_samples_are_told_from_what_stands_in_lists(text, lines):
    assert [block.line for block in read_fences(text)] == lines


def test_the_fences_of_the_atlas_are_those_that_sphinx_reads(desk):
    for name in (PAGE, GUIDE):
        [block] = read_fences(desk.read(name))
        record = desk.run("show", block.id, "--json").data["diagram"]
        assert (record["text"], record["first_line"]) == (block.text, block.line)
    assert block.id != INCIDENT


def test_the_pages_of_this_atlas_are_lawful_and_none_is_missed(desk):
    pages = sorted(str(path) for path in (ROOT / "source").rglob("*.md"))
    written = {block.id for page in pages for block in read_fences(Path(page).read_text(encoding="utf-8"))}
    done = desk.run("validate", *pages, cwd=ROOT)
    assert (done.code, done.out) == (0, "")
    lines = [line for page in pages for line in Path(page).read_text(encoding="utf-8").split("\n")]
    assert len(written) > 1
    assert {line.removeprefix(OPENED).strip() for line in lines if line.startswith(OPENED)} >= written
    assert f"{len(written)} diagrams, 0 findings; 1 not read (samples, comments)\n" in done.err


RST = """\
.. mermaid::
   :caption: Orders
     and answers

   flowchart LR
     A["x"] --> B

- .. mermaid::

     pie

A sample::

   .. mermaid::

      pie

.. code-block:: rst

   .. mermaid::

.. a comment

   .. mermaid::

.. _here:
.. note::

   .. atlas-diagram:: a/b
      :title: x

      flowchart LR
        A
"""


def test_directives_of_restructuredtext(desk):
    blocks = list(read_directives(RST))
    assert [(b.id, b.text, b.line, b.start, b.end, b.plain) for b in blocks] == [
        ("", 'flowchart LR\n  A["x"] --> B', 5, 1, 6, True),
        ("", "pie", 10, 8, 10, True),
        ("a/b", "flowchart LR\n  A", 32, 29, 33, False),
    ]
    assert blocks[0].options == {"caption": "Orders and answers"}
    desk.write("a.rst", RST)
    done = desk.run("validate", "a.rst")
    assert "a.rst:10: error MERMAID002" in done.out
    assert done.err == "3 diagrams (2 plain Mermaid), 4 findings; 3 not read (samples, comments)\n"


def test_plain_blocks_of_a_page_are_judged_as_they_are(desk):
    desk.write(
        "a.md", f"# A\n\n```mermaid\n{BAD}```\n\n```{{mermaid}} b.mmd\n```\n\n<!--\n```mermaid\n```\n-->\n"
    )
    desk.write("b.mmd", "pie\n")
    done = desk.run("validate", "a.md", "--json")
    assert [(f["path"], f["line"], f["rule"]) for f in done.data] == [
        *(("a.md", 5, "PLANE001"), ("a.md", 5, "PLANE001"), ("a.md", 5, "PLANE004")),
        ("b.mmd", 1, "MERMAID002"),
    ]
    assert done.err == "2 diagrams (2 plain Mermaid), 4 findings; 1 not read (samples, comments)\n"
    assert desk.run("validate", "-", given=RST, cwd=desk.path).err.startswith("3 diagrams (2 plain Mermaid)")


def test_a_misspelt_directive_is_named(desk):
    desk.write("a.md", "\n```{atlas-diagramm} a\nx\n```\n\n```{atlas-view} home\n```\n")
    desk.write("a.rst", ".. atlas-digram:: a\n\n   x\n")
    done = desk.run("validate", "a.md", "a.rst")
    assert done.code == 2
    assert "a.md:2: there is no directive atlas-diagramm\n  did you mean atlas-diagram?" in done.err
    assert "a.rst:1: there is no directive atlas-digram\n" in done.err


@pytest.mark.parametrize("name", ["a.markdown", "a.MD", "a.md"])
def test_pages_by_their_names(desk, name):
    desk.write(name, f"# Nothing\n\n{ONE}")
    assert desk.run("validate", name).out.startswith(f"{name}:4: error MERMAID")


def test_one_file_that_cannot_be_read_does_not_hide_the_others(desk):
    desk.write("bad.mmd", BAD)
    desk.write("page.rst", ".. mermaid:: gone.mmd\n")
    done = desk.run("validate", "nowhere.mmd", "bad.mmd", "page.rst", "--json")
    assert (done.code, len(done.data)) == (2, 3)
    assert "cannot read nowhere.mmd" in done.err
    assert "cannot read gone.mmd" in done.err


def test_the_hook_runs_the_command():
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "atlas validate --quiet"
    assert hook["id"] == "atlas-validate"
    for name in ("a.md", "a.MD", "a.markdown", "a.mmd", "a.mermaid", "a.rst"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "a.txt")
