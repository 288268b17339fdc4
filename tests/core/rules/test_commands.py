"""Commands: each rule from several angles, and what is lawful."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from tests.core.conftest import HERE, TODAY, note

from atlas.records.house import HOUSE
from atlas.records.model import Place
from atlas.records.notes import CodeNote, CommandNote, Notes, PageNote
from atlas.records.plan import Ledgers
from atlas.rules import shell
from atlas.rules.commands import check_code, check_command, check_commands, owed_first
from atlas.rules.seal import seal

GUIDE = note("debugging/full")
LOOK = CommandNote(
    "look",
    GUIDE.docname,
    Place("source/page.md", 30),
    "df -h <dir>",
    diagram=GUIDE.id,
    gate="3am",
    effect="reads",
    on=("linux",),
    expect=r"(?m)^Filesystem",
    run_first=True,
    prints="Filesystem  Size\n/dev/sda1   9G",
    says="Full: step 2.",
    placeholders=("dir",),
)
DROP = replace(
    LOOK,
    id="drop",
    text="rm <dir>/x",
    effect="destroys",
    expect="nothing",
    prints="",
    run_first=False,
    loses="x",
    look="look",
)
PAGE = PageNote(GUIDE.docname, "Full", explained=("dir",))


def found(*commands: CommandNote, page: PageNote = PAGE) -> list[str]:
    findings = check_commands(commands, {page.docname: page}, {GUIDE.id: GUIDE})
    return [f"{f.rule} {f.message} | {f.hint}" for f in findings]


def rules(*commands: CommandNote, page: PageNote = PAGE) -> list[str]:
    return sorted({line.split()[0] for line in found(*commands, page=page)})


def running(text: str, **more: object) -> CommandNote:
    """A command of some text that explains its own placeholders."""
    changed: dict[str, object] = {"placeholders": (), "run_first": False, **more}
    return replace(LOOK, text=text, **changed)  # type: ignore[arg-type]


def test_lawful_commands_have_no_finding() -> None:
    assert found(LOOK, DROP) == []
    assert (
        found(running("frobnicate --all", on=("frob >= 1.2 < 2", "getent (glibc, musl)", "aws cli 1.45")))
        == []
    )


@pytest.mark.parametrize("id", ["", "Look", "look at", "look_at", "-look", "look-", "lööK"])
def test_001_an_id_that_is_none(id: str) -> None:
    assert rules(replace(LOOK, id=id)) == ["COMMAND001"]


def test_001_two_commands_of_one_id() -> None:
    (line,) = found(LOOK, replace(DROP, id="look"), DROP)
    assert line.startswith("COMMAND001 command id look is taken by source/page.md:30")
    other = replace(LOOK, docname="elsewhere")
    assert "COMMAND001" not in rules(LOOK, other)


def test_002_options_that_are_not_known() -> None:
    lines = found(replace(LOOK, options=("unknown option :efect:", "option :on: stands twice")))
    assert [line.split()[0] for line in lines] == ["COMMAND002"] * 2
    assert "source/page.md" not in lines[0]


@pytest.mark.parametrize("effect", ["", "read", "READS", "writes", "reads, changes"])
def test_003_effects_that_are_missing_or_unknown(effect: str) -> None:
    assert rules(replace(LOOK, effect=effect, run_first=False)) == ["COMMAND003"]


def test_003_offers_what_was_meant() -> None:
    (line,) = found(replace(LOOK, effect="destroy", run_first=False))
    assert line.endswith("did you mean destroys?")


@pytest.mark.parametrize("on", [(), (">= 7",), ("redis >=",), ("7.0",), ("redis >= 7.0", "!")])
def test_004_what_it_runs_on(on: tuple[str, ...]) -> None:
    assert rules(replace(LOOK, on=on)) == ["COMMAND004"]


@pytest.mark.parametrize(
    "text",
    ["", " \n", "df; du", "df\ndu", "df && du", "df || du", "cd <dir>\nls", "df & du", "echo 'open", "df |"],
)
def test_005_blocks_that_are_not_one_command(text: str) -> None:
    assert rules(running(text)) == ["COMMAND005"]


@pytest.mark.parametrize(
    "text",
    [
        "$ df",
        "# df",
        "  $ df",
        "mysql> SELECT 1;",
        "MariaDB [(none)]> SELECT 1;",
        "postgres=# SELECT 1;",
        "postgres=> SELECT 1;",
        "me@host:~$ df",
        "[me@host ~]$ df",
        "127.0.0.1:6379> INFO",
        ">>> df",
        "% df",
        "$",
    ],
)
def test_006_typed_prompts(text: str) -> None:
    assert "COMMAND006" in rules(running(text))


@pytest.mark.parametrize("text", ["$HOME/bin/df", "cat <<'EOF'\n$ df\nEOF", "'#'", "a@b x", "$(which df) -h"])
def test_006_what_is_no_prompt(text: str) -> None:
    assert "COMMAND006" not in rules(running(text))


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("console", "$ df\nFilesystem", True),
        ("bash", "df", True),
        ("SQL", "SELECT 1", True),
        ("", "$ df", True),
        ("text", "see\n  $ df -h", True),
        ("text", "postgres=# SELECT 1", True),
        ("text", "mysql> SELECT 1", True),
        ("text", "ERR queue is full", False),
        ("text", "costs $ 5", False),
        ("ini", "a = $5", False),
        ("promql", "rate(x[5m]) > 1", False),
    ],
)
def test_006_plain_blocks(language: str, text: str, fault: bool) -> None:
    page = replace(PAGE, code=(CodeNote(language, text, Place("source/page.md", 40)),))
    findings = list(check_code((page,), (GUIDE,)))
    assert [f.rule for f in findings] == ["COMMAND006"] * fault
    assert all(f.place.line == 40 for f in findings)
    assert list(check_code((page,), ())) == []


@pytest.mark.parametrize(
    "text",
    [
        "df > out",
        "df | tee out",
        "pgrep x | xargs kill",
        "sysctl -w a.b=1",
        "redis-cli CONFIG SET a b",
        "psql -X -c 'UPDATE t SET a = 1'",
        "kubectl delete pod x",
        "kubectl scale deploy/x --replicas=0",
        "systemctl restart nginx",
        "for i in 1 2; do rm $i; done",
    ],
)
def test_007_reads_that_do_more(text: str) -> None:
    assert rules(running(text)) == ["COMMAND007"]


def test_007_says_what_to_say() -> None:
    (line,) = found(running("df | tee out"))
    assert "says that it reads, but runs `tee out` | say `:effect: changes`" in line


@pytest.mark.parametrize("text", ["rm x", "psql -X -c 'DROP TABLE t'", "kill -9 7", "redis-cli FLUSHDB"])
def test_007_changes_that_destroy(text: str) -> None:
    assert rules(running(text, effect="changes")) == ["COMMAND007"]
    assert rules(running(text, id="d", effect="destroys", loses="x", look="look"), LOOK) == []


@pytest.mark.parametrize(
    ("loses", "look", "says"),
    [("", "look", "no :loses:"), ("x", "", "no :look:"), ("", "", "no :loses: and no :look:")],
)
def test_008_what_destroying_owes(loses: str, look: str, says: str) -> None:
    (line,) = found(LOOK, replace(DROP, loses=loses, look=look))
    assert line.startswith("COMMAND008")
    assert says in line


@pytest.mark.parametrize("look", ["lok", "drop", "elsewhere"])
def test_009_looks_that_show_nothing(look: str) -> None:
    assert rules(LOOK, replace(DROP, look=look)) == ["COMMAND009"]


def test_009_a_look_of_another_page_is_none() -> None:
    assert rules(replace(LOOK, docname="other", diagram=GUIDE.id), DROP) == ["COMMAND009", "COMMAND010"]


@pytest.mark.parametrize("explained", [(), ("DIR",), ("dirs",)])
def test_010_placeholders_that_nobody_explains(explained: tuple[str, ...]) -> None:
    (line,) = found(LOOK, page=replace(PAGE, explained=explained))
    assert line.startswith("COMMAND010 command look: nothing explains <dir>")


def test_010_a_page_that_is_not_noted_explains_nothing() -> None:
    findings = check_commands((LOOK,), {}, {GUIDE.id: GUIDE})
    assert [f.rule for f in findings] == ["COMMAND010"]


@pytest.mark.parametrize("expect", ["(", "[a", "a{2,1}", "(?P<x>", "", ".*", "(ok)?", "^", "a|"])
def test_011_patterns_that_are_none_or_any(expect: str) -> None:
    wanted = ["COMMAND011"] if expect else []
    assert rules(replace(LOOK, expect=expect, run_first=False)) == wanted


@pytest.mark.parametrize(
    ("expect", "prints"),
    [("(?m)^files", "Filesystem"), ("^/dev", "Filesystem\n/dev"), ("nothing", "Filesystem"), ("ok", "OK")],
)
def test_012_patterns_beside_their_sample(expect: str, prints: str) -> None:
    assert rules(replace(LOOK, expect=expect, prints=prints)) == ["COMMAND012"]


def test_012_nothing_is_a_word_of_its_own() -> None:
    assert found(replace(LOOK, expect="nothing", prints="")) == []
    assert found(replace(LOOK, expect="nothing here", prints="nothing here")) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"effect": "changes"}, "does not read"),
        ({"expect": "", "prints": ""}, "has no :expect:"),
        ({"says": ""}, "has no paragraph below it"),
    ],
)
def test_013_what_cannot_be_run_first(more: dict[str, str], says: str) -> None:
    (line,) = found(replace(LOOK, **more))  # type: ignore[arg-type]
    assert line.startswith(f"COMMAND013 command look is to run first and {says}")


def test_013_more_than_three() -> None:
    many = [replace(LOOK, id=f"look-{n}", place=Place("p.md", n)) for n in range(1, 6)]
    assert found(*many[:3]) == []
    findings = list(check_commands(many, {PAGE.docname: PAGE}, {GUIDE.id: GUIDE}))
    assert [(f.rule, f.place.line) for f in findings] == [("COMMAND013", 4)]


def test_014_a_guide_owes_one_to_run_first() -> None:
    def owed(category: str, commands: Iterable[CommandNote]) -> list[str]:
        return [f.rule for f in owed_first(HOUSE.role(category), commands, GUIDE)]

    assert owed("debugging", ()) == owed("debugging", (DROP,)) == ["COMMAND014"]
    assert owed("debugging", (DROP, LOOK)) == owed("incidents", ()) == []


@pytest.mark.parametrize("diagram", ["", "debugging/other"])
def test_015_a_command_of_no_diagram(diagram: str) -> None:
    assert rules(replace(LOOK, diagram=diagram)) == ["COMMAND015"]


def test_findings_stand_at_the_block_and_name_the_diagram() -> None:
    (finding,) = check_command(replace(LOOK, effect=""))
    assert (finding.place, finding.diagram) == (LOOK.place, GUIDE.id)


def test_long_commands_are_cut_in_messages() -> None:
    (line,) = found(running("echo '" + "x" * 90))
    assert "…" in line
    assert len(line) < 250


def test_sealing_keeps_commands_with_their_diagram() -> None:
    other = note("debugging/other")
    atlas = seal(Notes((GUIDE, other), commands=(LOOK, DROP), pages=(PAGE,)), Ledgers(), today=TODAY)
    assert atlas.diagrams[GUIDE.id].commands == (LOOK, DROP)
    assert atlas.diagrams[GUIDE.id].run_first == [LOOK]
    assert atlas.diagrams[other.id].commands == ()
    found = [f for f in atlas.findings if f.rule.startswith("COMMAND")]
    assert [(f.rule, f.diagram) for f in found] == [("COMMAND014", other.id)]


def test_placeholders_are_read_by_the_directive_and_judged_here() -> None:
    assert shell.placeholders(LOOK.text) == list(LOOK.placeholders)
    assert LOOK.place != HERE
