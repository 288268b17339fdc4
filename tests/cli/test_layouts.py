"""Layouts of projects: conf.py beside the pages, as sphinx-quickstart puts it, whatever their folder is."""

from __future__ import annotations

import shutil

import pytest

from .conftest import INCIDENT, LAWFUL, Desk


@pytest.fixture(params=["docs", "docs/source", "doc", "doc/source", "source", "."])
def laid_out(request, tmp_path):
    """A project under git whose conf.py stands beside its index page, and the folder of both."""
    desk = Desk(tmp_path / "atlas")
    source = desk.path / request.param
    shutil.copytree(LAWFUL / "source", source)
    conf = (LAWFUL / "conf.py").read_text().replace('["_data"]', '["_data", "_build"]')
    (source / "conf.py").write_text(conf)
    desk.write(".gitignore", "_build/\n")
    desk.git("init", "-q", "-b", "main")
    desk.commit("first")
    return desk, source


def test_the_atlas_is_found_from_everywhere_and_read_once(laid_out):
    desk, source = laid_out
    assert desk.run("status").out.startswith("2 of ")
    data = source / "_build/atlas/atlas.json"
    before = data.stat().st_mtime_ns
    page = f"{source.name}/incidents/acme-2024-03-05.md"
    shown = desk.run("show", "acme-2024-03-05.md", "--json", cwd=source / "incidents").data["diagram"]
    assert (shown["id"], shown["place"]["path"]) == (INCIDENT, page)
    assert data.stat().st_mtime_ns == before
    assert not (desk.path.parent / "build").exists()


def test_changes_and_reviews_are_those_of_its_source(laid_out):
    desk, source = laid_out
    assert desk.review().code == 0
    assert (source / "_data/reviews/incidents-acme-2024-03-05.toml").is_file()
    desk.commit("read")
    page = source / "incidents/acme-2024-03-05.md"
    page.write_text(page.read_text().replace("Add workers.", "Add many workers."))
    assert [row["id"] for row in desk.run("review", "--changed", "HEAD", "--json").data["rows"]] == [INCIDENT]
    [change] = desk.run("impact", "--json").data["diagrams"]
    assert (change["id"], change["kinds"], change["read_again"]) == (INCIDENT, ["gates"], True)
    assert sum(desk.run("status", "--json").data["pace"]["by_week"].values()) == 0  # committed long ago


def test_a_preview_is_of_its_source(laid_out):
    desk, source = laid_out
    command = desk.run("serve", "--json").data
    assert command[-4:] == ["-c", str(source), str(source), str(source / "_build/serve")]


@pytest.mark.parametrize("folder", ["docs", "doc", "."])
def test_settings_stand_beside_the_source(tmp_path, folder):
    desk = Desk(tmp_path)
    shutil.copytree(LAWFUL, desk.path / folder, dirs_exist_ok=True)
    desk.write(f"{folder}/index.md", "# Not of the atlas\n")
    assert desk.run("serve", "--json").data[-2] == str(desk.path / folder / "source")


def test_a_source_without_an_index_page_is_of_something_else(tmp_path):
    desk = Desk(tmp_path)
    shutil.copytree(LAWFUL / "source", desk.path, dirs_exist_ok=True)
    shutil.copy(LAWFUL / "conf.py", desk.path)
    desk.write("source/main.c", "")
    assert desk.run("serve", "--json").data[-2] == str(desk.path)


def test_a_conf_without_pages_is_no_atlas(tmp_path):
    desk = Desk(tmp_path)
    desk.write("docs/conf.py", "")
    assert "no conf.py beside an index page, or beside a folder with one" in desk.run("status").err
