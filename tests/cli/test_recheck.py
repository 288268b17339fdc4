"""Looking for words in copies: real git repositories, at the commit that is cited and in the newest text."""

from __future__ import annotations

import subprocess
from argparse import ArgumentParser
from pathlib import Path

import pytest

from .conftest import ENV, Desk

LEDGER = "source/_data/sources/queued.toml"
CHECKS = "source/_data/checks/queued.toml"
OLD = "0123456789abcdef0123456789abcdef01234567"
LIMIT = "queued/manual:limit"
MANUAL = "# Limits\n\nThe default limit of a queue is [1 million](#x) *jobs*.\n\nWorkers drain it.\n"


class Copy:
    """A repository that is written day by day."""

    def __init__(self, path: Path) -> None:
        self.path, self.days = path, 0
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str) -> str:
        self.days += 1
        when = f"2024-01-{self.days:02}T10:00:00Z"
        then = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        name = ("-c", "user.name=Writer", "-c", "user.email=w@example.com")
        done = subprocess.run(
            ["git", *name, *words], cwd=self.path, env=ENV | then, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            self.write(name, text)
        self.git("add", "-A")
        self.git("commit", "-qm", "change")
        return self.git("rev-parse", "HEAD")

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def limits(self, text: str) -> str:
        return self.commit(**{"docs/limits.md": text})


@pytest.fixture
def copies(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def copy(copies, desk):
    """The repository that the lawful project cites, at a commit that there is."""
    made = Copy(copies / "example" / "queued")
    desk.change(LEDGER, OLD, made.limits(MANUAL))
    return made


def recheck(desk: Desk, copies: Path, *words: str):
    return desk.run("recheck", "--copies", str(copies), *words)


def row(desk: Desk, id: str = LIMIT) -> str:
    return next(line for line in desk.read(CHECKS).splitlines() if line.startswith(f'"{id}"'))


def test_words_that_stand_are_written_down_with_the_text_they_stand_in(desk, copies, copy):
    newest = copy.limits(MANUAL.replace("Workers", "Two workers"))
    done = recheck(desk, copies, "--json")
    assert done.code == 0, done.err
    assert done.data["facts"]["seen"] == done.data["facts"]["stands"] == 1
    assert 'cited = "seen", newest = "stands"' in row(desk)
    assert f'at = "{newest}"' in row(desk)
    assert desk.run("status").code == 0
    assert not desk.run("review", "--json").data["findings"]


def test_a_file_that_was_renamed_twice_is_followed(desk, copies, copy):
    copy.git("mv", "docs/limits.md", "docs/limit.md")
    copy.commit()
    copy.git("mv", "docs/limit.md", "docs/queue.md")
    copy.commit()
    assert recheck(desk, copies).code == 0
    assert 'newest = "moved"' in row(desk)
    assert 'path = "docs/queue.md"' in row(desk)


def test_words_that_went_to_another_file_are_found_there(desk, copies, copy):
    copy.commit(**{"docs/limits.md": "See queue.\n", "docs/queue.md": "A queue holds 1 million jobs.\n"})
    assert recheck(desk, copies).code == 0
    assert 'newest = "moved"' in row(desk)
    assert 'path = "docs/queue.md"' in row(desk)


def test_a_word_that_changed_is_told_until_the_fact_says_so(desk, copies, copy):
    copy.limits(MANUAL.replace("1 million", "2 million"))
    done = recheck(desk, copies)
    assert done.code == 1
    assert LIMIT in done.out
    assert "the fact does not say so" in done.out
    assert 'cited = "seen", newest = "changed"' in row(desk)
    desk.change(
        LEDGER,
        "as_of = 2024-01-01 }",
        'as_of = 2024-01-01, changed = { in = "3", fact = "queued/manual:now" } }',
    )
    desk.write(
        LEDGER,
        desk.read(LEDGER)
        + 'now = { value = "Workers", where = "docs/limits.md, Limits", says = "now", as_of = 2024-01-01 }\n',
    )
    assert recheck(desk, copies).code == 0


def test_a_file_that_was_deleted_is_gone(desk, copies, copy):
    copy.git("rm", "-q", "docs/limits.md")
    copy.commit(README="nothing\n")
    done = recheck(desk, copies)
    assert done.code == 1
    assert 'newest = "gone"' in row(desk)


def test_words_that_never_stood_there_are_missing(desk, copies, copy):
    desk.change(LEDGER, 'text = "1 million jobs"', 'text = "exactly 1 million jobs"')
    done = recheck(desk, copies)
    assert done.code == 1
    assert "missing from what is cited" in done.out
    assert 'cited = "missing"' in row(desk)


def test_words_on_another_line_stand_beside(desk, copies, copy):
    desk.change(LEDGER, "docs/limits.md#L3", "docs/limits.md#L30")
    done = recheck(desk, copies)
    assert done.code == 0
    assert "not at the line" in done.out
    assert 'cited = "beside"' in row(desk)


@pytest.mark.parametrize(("line", "code"), [(3, 0), (30, 1)])
def test_without_words_the_line_that_is_named_is_looked_for(desk, copies, copy, line, code):
    desk.change(
        LEDGER, 'text = "1 million jobs", where = "docs/limits.md#L3"', f'where = "docs/limits.md#L{line}"'
    )
    assert recheck(desk, copies).code == code
    assert 'by = "line"' in row(desk)


@pytest.mark.parametrize(
    ("text", "newest"), [("Now 1,000,000 jobs.\n", "stands"), ("Now 2 M jobs.\n", "changed")]
)
def test_without_words_and_line_the_value_is_looked_for(desk, copies, copy, text, newest):
    copy.limits(text)
    desk.change(
        LEDGER, 'text = "1 million jobs", where = "docs/limits.md#L3"', 'where = "docs/limits.md, Limits"'
    )
    recheck(desk, copies)
    assert 'by = "value", cited = "seen"' in row(desk)
    assert f'newest = "{newest}"' in row(desk)


def test_without_a_copy_nothing_is_known_and_what_was_seen_is_not_unsaid(desk, copies, copy, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = recheck(desk, empty, "--json")
    assert done.code == 0
    assert done.data["facts"]["unread"] == 1
    assert 'why = "no copy of example/queued"' in row(desk)
    recheck(desk, copies)
    seen = row(desk)
    recheck(desk, empty, "--again")
    assert row(desk) == seen
    assert 'cited = "seen"' in seen


def test_a_commit_or_file_that_is_not_there_is_told_apart(desk, copies, copy):
    desk.change(LEDGER, "docs/limits.md#L3", "docs/nothing.md#L3")
    assert recheck(desk, copies).code == 1
    assert 'cited = "missing"' in row(desk)
    copied = copy.git("rev-parse", "HEAD")
    desk.change(LEDGER, copied, OLD)
    assert recheck(desk, copies).code == 0
    assert "lacks the commit" in row(desk)


def test_what_is_no_text_is_not_read(desk, copies, copy):
    desk.change(LEDGER, copy.git("rev-parse", "HEAD"), copy.limits("%PDF-1.7"))
    recheck(desk, copies)
    assert 'cited = "unread"' in row(desk)
    assert "is no text" in row(desk)


def test_evidence_is_looked_for_in_files_that_no_fact_names(desk, copies, copy):
    desk.change(
        "source/incidents/acme-2024-03-05.md",
        '  Q -.->|"queue full"| API\n',
        '  Q -.->|"queue full"| API\n  %% = queued/manual "refuse what comes then"\n',
    )
    desk.change(
        LEDGER, copy.git("rev-parse", "HEAD"), copy.commit(**{"src/q.c": "// refuse what\n// comes then\n"})
    )
    done = recheck(desk, copies, "--json")
    assert done.code == 0
    assert done.data["evidence"]["seen"] == 1
    assert 'queued/manual \\"refuse what comes then\\"' in desk.read(CHECKS)


def test_a_copy_of_somebody_elses_tells_only_of_what_is_cited(desk, copies, copy):
    head = copy.git("rev-parse", "HEAD")
    ledger = desk.read(LEDGER).replace("https://github.com/example/queued", "https://queued.test/manual")
    ledger = ledger.replace(f'commit = "{head}"\n', f'copy = "example/queued@{head}:docs/limits.md"\n')
    desk.write(LEDGER, ledger)
    copy.limits("Nothing.\n")
    assert recheck(desk, copies).code == 0
    assert 'cited = "seen" }' in row(desk)


def test_a_run_that_was_stopped_goes_on_where_it_was(desk, copies, copy, monkeypatch):
    """The second source cannot be reached: what was written for the first stays, and is not looked up
    again.
    """
    from atlas_cli import looking
    from atlas_cli.layouts import Where
    from atlas_cli.terminal import open_terminal
    from atlas_cli.verbs import recheck as verb

    other = desk.read(LEDGER).replace("[manual", "[notes").replace("limit =", "bound =")
    desk.write(LEDGER, desk.read(LEDGER) + other)
    desk.run("status")  # reads the pages
    asked: list[str] = []
    real = looking.look

    def stopping(claim, *words):
        asked.append(claim.id)
        if claim.source == "queued/notes" and len(asked) < 3:
            raise KeyboardInterrupt
        return real(claim, *words)

    monkeypatch.setattr(verb, "look", stopping)
    args = ArgumentParser()
    verb.add_arguments(args)
    for name in ("--root", "--json"):
        args.add_argument(name, **({"type": Path} if name == "--root" else {"action": "store_true"}))
    given = args.parse_args(["--copies", str(copies), "--root", str(desk.path)])
    given.where = Where(desk.path)
    with pytest.raises(KeyboardInterrupt):
        verb.run(given, open_terminal())
    assert LIMIT in desk.read(CHECKS)
    assert "notes" not in desk.read(CHECKS)
    verb.run(given, open_terminal())
    assert asked == [LIMIT, "queued/notes:bound", "queued/notes:bound"]
    assert "queued/notes:bound" in desk.read(CHECKS)


def test_rows_of_what_is_no_more_go(desk, copies, copy):
    recheck(desk, copies)
    desk.write(CHECKS, desk.read(CHECKS) + row(desk).replace(":limit", ":old") + "\n")
    other = row(desk).replace("queued/manual:limit", "nobody/x:y")
    desk.write(CHECKS.replace("queued", "nobody"), other + "\n")
    recheck(desk, copies)
    assert ":old" not in desk.read(CHECKS)
    assert not (desk.path / CHECKS.replace("queued", "nobody")).exists()


def test_a_damaged_ledger_is_named_with_its_line_and_left_alone(desk, copies, copy):
    desk.write(CHECKS, '# x\n"queued/manual:limit" = { key = \n')
    done = recheck(desk, copies)
    assert done.code == 2
    assert f"{CHECKS}:2: LEDGER001" in done.err
    assert desk.read(CHECKS).endswith("{ key = \n")


def test_without_copies_the_ledger_is_told(desk, copies, copy):
    done = desk.run("recheck", "--json")
    assert done.code == 0
    assert done.data["unchecked"] == [LIMIT]
    recheck(desk, copies)
    assert desk.run("recheck", "--json").data["facts"]["stands"] == 1


def test_what_cannot_be_is_refused(desk, copies, copy):
    assert desk.run("recheck", "--copies", str(copies / "none")).code == 2
    done = recheck(desk, copies, "acme")
    assert done.code == 2
    assert "acme is no publisher" in done.err
    assert recheck(desk, copies, "queued").code == 0
    assert recheck(desk, copies, "queued/manual").code == 0
