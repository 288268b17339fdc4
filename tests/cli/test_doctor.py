"""Doctor: what is set up, missing and read, in any layout, without a build."""

from __future__ import annotations

import shutil

import pytest

from .conftest import LAWFUL, Desk

CONF = 'extensions = ["myst_parser", "atlas_sphinx"]\nmyst_enable_extensions = ["deflist", "colon_fence"]\n'


@pytest.fixture
def bare(tmp_path):
    """A project of one page, that lists the extension."""
    desk = Desk(tmp_path / "team")
    desk.write("docs/conf.py", CONF)
    desk.write("docs/index.md", "# Team\n\n```mermaid\nflowchart LR\n  A --> B\n```\n")
    return desk


def signs(desk, *words):
    done = desk.run(*words, "doctor", "--json")
    return done.code, {(s["state"], s["what"]): s for s in done.data}


def test_a_project_that_is_set_up(desk):
    done = desk.run("doctor")
    assert done.code == 0
    assert "missing" not in done.out
    assert "ok      pages        " in done.out
    assert "ok      strictness   all\n" in done.out
    assert "ok      diagrams     2 diagrams of the atlas\n" in done.out
    assert "ok      ledgers      source/_data: sources 2, glossary 1, catalogue 1\n" in done.out
    assert "ok      data         build/atlas: fresh\n" in done.out
    desk.write("source/more.md", "# More\n")
    assert "to be read anew (source/more.md changed)" in desk.run("doctor").out


def test_it_builds_nothing_and_says_what_is_not_there_yet(bare):
    code, found = signs(bare)
    assert code == 0
    assert found["note", "diagrams"]["told"] == "1 block of plain Mermaid"
    assert found["note", "diagrams"]["mend"] == "atlas import"
    assert "no folder docs/_data/sources" in found["note", "ledgers"]["told"]
    assert not (bare.path / "docs/_build").exists()


@pytest.mark.parametrize(
    ("old", "new", "what", "said"),
    [
        (', "atlas_sphinx"', "", "extensions", 'add "atlas_sphinx" to extensions'),
        ('"myst_parser", ', "", "MyST", 'add "myst_parser" to extensions'),
        ('"deflist", ', "", "MyST", 'add "deflist" to myst_enable_extensions'),
        ("extensions", "import nowhere\nextensions", "conf.py", "No module named 'nowhere'"),
        (CONF, f"{CONF}atlas_planes = {{}}\n", "settings", "atlas_planes is no setting"),
        (CONF, f'{CONF}atlas_strictness = "mild"\n', "strictness", "mild is no level"),
    ],
    ids=["extension", "parser", "deflist", "conf", "setting", "strictness"],
)
def test_what_is_missing_and_how_to_mend_it(bare, old, new, what, said):
    bare.change("docs/conf.py", old, new)
    code, found = signs(bare)
    sign = found["missing", what]
    assert code == 1
    assert said in f"{sign['told']}; {sign['mend']}"


def test_what_is_no_fault_is_a_note(bare):
    bare.change("docs/conf.py", ', "colon_fence"', "")
    bare.change("docs/conf.py", "extensions", 'atlas_strictness = "planes"\nextensions')
    code, found = signs(bare)
    assert code == 0
    assert found["note", "MyST"]["mend"] == 'add "colon_fence" to myst_enable_extensions'
    assert found["ok", "strictness"]["mend"] == "later: sources, all"


def test_a_project_in_restructuredtext_needs_no_myst(bare):
    (bare.path / "docs/index.md").unlink()
    bare.write("docs/index.rst", "Team\n====\n")
    bare.write("docs/conf.py", 'extensions = ["atlas_sphinx"]\n')
    code, found = signs(bare)
    assert code == 0
    assert "MyST" not in {what for _, what in found}
    assert found["ok", "pages"]["told"].startswith("1 reStructuredText in ")


def test_a_page_that_is_no_text_is_named(bare):
    (bare.path / "docs/a.md").write_bytes(b"\xff")
    code, found = signs(bare)
    assert code == 1
    assert "a.md: byte 0xff is not UTF-8" in found["missing", "pages"]["told"]


@pytest.fixture
def apart(tmp_path):
    """conf.py in docs, the pages in a folder below it that is not called source."""
    desk = Desk(tmp_path / "team")
    shutil.copytree(LAWFUL / "source", desk.path / "docs/root")
    desk.write("docs/conf.py", (LAWFUL / "conf.py").read_text())
    desk.write("docs/images/logo.txt", "")
    return desk


@pytest.mark.parametrize(
    "words",
    [
        [],
        *(["-C", "docs"], ["-C", "docs/root"], ["--conf", "docs"], ["--source", "docs/root"]),
        ["--source", "docs/root", "--conf", "docs"],
    ],
)
def test_pages_below_conf_are_found(apart, words):
    done = apart.run(*words, "serve", "--json")
    docs = apart.path / "docs"
    assert done.data[-4:] == ["-c", str(docs), str(docs / "root"), str(docs / "build/serve")]


def test_a_page_folder_that_is_one_of_two_is_named(apart):
    shutil.copytree(apart.path / "docs/root", apart.path / "docs/other")
    assert apart.run("serve", "--json").code == 2
    done = apart.run("--source", "docs/other", "serve", "--json")
    assert done.data[-2] == str(apart.path / "docs/other")


def test_the_first_page_may_have_another_name(bare):
    (bare.path / "docs/index.md").rename(bare.path / "docs/start.md")
    assert bare.run("doctor").code == 2
    bare.write("docs/conf.py", f'{CONF}root_doc = "start"\n')
    assert bare.run("doctor").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "gone"], "gone is no folder"),
        (["--source", "docs", "--conf", "."], "no conf.py in ."),
        (["--conf", "."], "with pages beside it"),
        (["-C", "docs/images"], "no atlas in docs/images"),
    ],
)
def test_a_layout_that_is_not_there(bare, words, said):
    bare.write("docs/images/logo.txt", "")
    done = bare.run(*words, "doctor")
    assert (done.code, said in done.err) == (2, True)


def test_a_conf_without_the_extension_is_told_by_a_build_too(bare):
    bare.change("docs/conf.py", ', "atlas_sphinx"', "")
    done = bare.run("status")
    assert done.code == 2
    assert 'docs/conf.py does not list the extension\n  add "atlas_sphinx" to extensions' in done.err
