"""The command itself: help, verbs, exit codes, names of diagrams, colour, and staleness of its data."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import time

import pytest

from atlas_cli import VERBS

from .conftest import ATLAS, ENV, INCIDENT, PAGE


def test_help_lists_every_verb(desk):
    done = desk.run("--help")
    assert done.code == 0
    assert not [verb for verb in VERBS if f"\n  {verb} " not in done.out]


def cpu_of(words, cwd):
    """The seconds of processor time that a command takes, the least of five runs."""
    times = []
    for _ in range(5):
        process = subprocess.Popen([*ATLAS, *words], cwd=cwd, env=ENV, stdout=subprocess.DEVNULL)
        usage = os.wait4(process.pid, 0)[2]
        process.returncode = 0
        times.append(usage.ru_utime + usage.ru_stime)
    return min(times)


def test_help_takes_no_more_than_150_ms(desk):
    assert cpu_of(["--help"], desk.path) < 0.15


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_teaches_by_examples(desk, verb):
    done = desk.run(verb, "--help")
    assert done.code == 0
    assert f"\n  atlas {verb}" in done.out.partition("examples:")[2]
    assert "--json" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["statsu"], "did you mean status or"),
        (["xyzzy"], "`atlas --help` lists them"),
        (["status", "--frobnicate"], "unrecognized arguments"),
        (["show"], "the following arguments are required: id"),
        (["show", "incidents/acme-2024-03-50"], f"did you mean {INCIDENT}?"),
        (["show", "acme-2024-03-5"], f"did you mean {INCIDENT}?"),
        (["show", "quite something else"], "`atlas find` searches for words"),
        (["show", "debugging/slow-disk"], "planned and has no page yet"),
        (["show", "debugging/slow-dsk"], "did you mean debugging/slow-disk?"),
        (["mark-reviewed", INCIDENT, "nobody/knows"], "no diagram is called 'nobody/knows'"),
        (["review", "--category", "incident"], "did you mean incidents?"),
        (["review", "--category", "x"], "one of debugging, incidents"),
        (["review", "--system", "acne"], "did you mean acme?"),
        (["review", "--changed", "nowhere"], "no revision"),
        (["impact", "nowhere"], "'nowhere' is no revision"),
        (["impact", "--category", "debuging"], "did you mean debugging?"),
        (["find", " "], "nothing to find"),
        (["find", "x", "--limit", "0"], "is no number of answers"),
        (["-C", "/nowhere", "status"], "no atlas in /nowhere"),
        (["status", "-C", "/nowhere"], "no atlas in /nowhere"),
        (["discover"], "no feed"),
        (["discover", "--list", "nowhere.txt"], "cannot read nowhere.txt"),
        (["serve", "--port", "70000"], "is no port"),
        (["progress", "--by", "soon"], "soon is no day"),
        (["progress", "--by", "1999-01-01"], "is not ahead"),
        (["validate", "nowhere.mmd"], "cannot read nowhere.mmd"),
        (["update-status", INCIDENT, "uptodate"], "did you mean up_to_date or outdated?"),
        (["runbook-urls", "x.yaml", "--base", "ftp://x.example/"], "is no web address"),
        (["--bogus"], "there is no option --bogus"),
        (["find", "-ERR", "unknown"], "a text that begins with a dash stands behind --"),
        (["review", "-n", "0"], "0 is no number of rows"),
        (["discover", "x", "-n", "-3"], "-3 is no number of rows"),
        (["status", "--export", "."], ". names no file"),
        (["status", "--export", "x/.."], "x/.. names no file"),
        (["update-status", "incidents/acme-2025-01-0"], "did you mean incidents/acme-2025-01-01 or"),
        (
            ["new", "source", "a/b", "--url", "https://a.example/x", "--published", "2024-13-01"],
            "2024-13-01 is no day; write it as 2018-10-30",
        ),
    ],
)
def test_what_is_refused_says_what_to_do(desk, words, said):
    done = desk.run(*words)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not done.out


def test_a_text_may_begin_with_a_dash(desk):
    assert desk.run("find", "--", "-ERR", "queue", "is", "full").code == 0


def test_a_day_that_is_none_in_the_environment(desk):
    done = desk.run("status", SOURCE_DATE_EPOCH="abc")
    assert (done.code, "SOURCE_DATE_EPOCH=abc is no time" in done.err) == (2, True)


def test_output_that_cannot_be_written(desk):
    for verb in ("status", "links --json"):
        full = subprocess.run(
            f"{' '.join(ATLAS)} {verb} >/dev/full", shell=True, cwd=desk.path, env=ENV, stderr=-1, text=True
        )
        assert (full.returncode, full.stderr) == (
            2,
            "atlas: cannot write the output: No space left on device\n",
        )
    for closing in (">&-", "2>&-"):
        closed = subprocess.run(
            f"{' '.join(ATLAS)} status {closing}", shell=True, cwd=desk.path, env=ENV, capture_output=True
        )
        assert (closed.returncode, closed.stdout, closed.stderr) == (2, b"", b"")


@pytest.mark.parametrize(
    "word", [INCIDENT, PAGE, "acme-2024-03-05", "incidents/acme-2024-03-05.md", "ORDERS wait in a full queue"]
)
def test_ids_paths_and_titles_name_a_diagram(desk, word):
    assert desk.run("show", word, "--json").data["diagram"]["id"] == INCIDENT


def test_a_path_may_be_absolute_or_seen_from_a_folder(desk):
    assert desk.run("show", str(desk.path / PAGE), "--json").data["diagram"]["id"] == INCIDENT
    seen = desk.run("show", "acme-2024-03-05.md", "--json", cwd=desk.path / "source/incidents")
    assert seen.data["diagram"]["id"] == INCIDENT


def test_outside_of_a_project_it_says_so(desk, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    done = desk.run("status", cwd=tmp_path / "elsewhere")
    assert done.code == 2
    assert "no atlas here or in a folder around" in done.err
    assert desk.run("-C", str(desk.path), "status", cwd=tmp_path / "elsewhere").code == 0


# Colour and progress ---------------------------------------------------------------------------------


def on_a_terminal(desk, *words, **env):
    """What a command writes to a terminal."""
    mine, its = pty.openpty()
    process = subprocess.Popen([*ATLAS, *words], cwd=desk.path, env=ENV | env, stdout=its, stderr=its)
    os.close(its)
    said = b""
    while True:
        try:
            piece = os.read(mine, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(mine)
    process.wait()
    return said.decode()


def test_colour_only_on_a_terminal_that_wants_it(desk):
    assert "\033[" not in desk.run("status").out
    assert "\033[1m" in on_a_terminal(desk, "status", TERM="xterm")
    assert "\033[" not in on_a_terminal(desk, "status", TERM="xterm", NO_COLOR="1")
    assert "\033[" not in on_a_terminal(desk, "status", TERM="dumb")


def test_what_takes_longer_than_a_second_is_announced(desk):
    desk.change("conf.py", 'html_theme = "basic"', 'html_theme = "basic"\nimport time; time.sleep(2)')
    assert "reading the pages (conf.py changed)" in desk.run("status").err
    desk.change("conf.py", "sleep(2)", "sleep(2.1)")
    assert "\r\033[K" in on_a_terminal(desk, "status", TERM="xterm")


def test_a_reader_that_leaves_is_no_error(desk):
    script = f"{' '.join(ATLAS)} links --urls | head -0"
    done = subprocess.run(script, shell=True, cwd=desk.path, env=ENV, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# Staleness -------------------------------------------------------------------------------------------


def built(desk):
    return (desk.path / "build/atlas/atlas.json").stat().st_mtime_ns


def test_nothing_is_read_anew_where_nothing_changed(desk):
    before = built(desk)
    os.utime(desk.path / PAGE)
    desk.write("source/.hidden.md", "x")
    desk.write("source/page.md~", "x")
    assert desk.run("status").code == 0
    assert built(desk) == before


@pytest.mark.parametrize("how", ["edit", "add", "delete", "ledger"])
def test_every_change_is_seen(desk, how):
    before = built(desk)
    match how:
        case "edit":
            desk.change(PAGE, "Orders wait", "Orders queue")
        case "add":
            desk.write("source/more.md", "# More\n")
        case "delete":
            (desk.path / "source/boards.md").unlink()
        case "ledger":
            desk.change("source/_data/sources/acme.toml", "at the peak", "at its peak")
    desk.run("status")
    assert built(desk) != before


def test_a_change_of_the_same_size_and_time_costs_a_digest_only(desk):
    seen = (desk.path / PAGE).stat()
    desk.change(PAGE, "Orders wait", "Orders wake")
    os.utime(desk.path / PAGE, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1))
    assert "Orders wake" in desk.run("show", INCIDENT, "--drawing").out


def test_a_new_day_is_a_change(desk):
    before = built(desk)
    assert desk.run("status", SOURCE_DATE_EPOCH=str(int(time.time()) + 86400)).code == 0
    assert built(desk) != before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"files": 3}'])
def test_a_broken_record_of_inputs_only_makes_the_data_stale(desk, text):
    before = built(desk)
    desk.write("build/atlas/inputs.json", text)
    assert desk.run("status").code == 0
    assert built(desk) != before


@pytest.mark.parametrize("name", ["atlas.json", "overview.json", "finder-index.json", "CENTRAL_METRICS.json"])
@pytest.mark.parametrize("text", ["{", "[1]", ""])
def test_broken_data_is_named_with_the_way_out(desk, name, text):
    desk.run("find", "queue")
    (desk.path / "build/atlas/overview.json").touch()
    desk.write(f"build/atlas/{name}", text)
    verb = {"finder-index.json": "find queue", "atlas.json": "links"}.get(name, "status").split()
    done = desk.run(*verb)
    assert done.code == 2
    assert f"{name} is broken" in done.err
    assert f"delete the folder {desk.path}/build/atlas;" in done.err


def test_a_file_where_the_data_should_be(desk):
    shutil.rmtree(desk.path / "build")
    desk.write("build", "x")
    done = desk.run("status")
    assert (done.code, "cannot use" in done.err) == (2, True), done.err


def test_data_of_another_schema_is_refused(desk):
    desk.write("build/atlas/atlas.json", '{"schema": 2}')
    done = desk.run("links")
    assert (done.code, "has schema 2, and this command knows 1" in done.err) == (2, True)


def test_a_build_that_fails_is_quoted(desk):
    desk.change("conf.py", 'html_theme = "basic"', "1 / 0")
    done = desk.run("status")
    assert done.code == 2
    assert "the pages cannot be read" in done.err
    assert "ZeroDivisionError" in done.err


def test_output_is_the_same_twice(desk):
    assert desk.run("status", "--json").out == desk.run("status", "--json").out


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["progress"],
        ["find", "queue is full"],
        ["show", INCIDENT],
        ["validate", PAGE],
        ["review"],
        ["update-status", INCIDENT],
        ["links"],
        ["impact"],
        ["serve"],
    ],
    ids=lambda words: words[0],
)
def test_json_is_json_and_nothing_else(desk, words):
    done = desk.run(*words, "--json")
    assert json.loads(done.out) is not None
    assert done.code in (0, 1)
