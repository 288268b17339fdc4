"""Status and progress: counts, pace, reports, snapshots."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from datetime import date, timedelta

import pytest

from atlas_cli.pace import Pace, current_phase, phases_ahead

from .conftest import ATLAS, ENV, GUIDE, INCIDENT, PAGE


def test_status_counts_against_the_plan(desk):
    done = desk.run("status")
    assert done.code == 0
    assert done.out.startswith("2 of 4 diagrams created, 2 sourced, 0 up to date, on 2024-04-10\n")
    assert "Incident anatomies       2        1        1      0         0        1" in done.out
    assert "1. Emergency response       4        2" in done.out
    assert "needs review 2 · not created 2" in done.out
    assert "gates      3am 2 passed · cfo none · incident 1 passed · new-hire 2 passed" in done.out
    assert "queue      HIGH 1 · MEDIUM 0 · LOW 1" in done.out


def test_one_table_alone(desk):
    done = desk.run("status", "--by", "phases")
    assert "By phase" in done.out
    assert "By category" not in done.out


def test_status_follows_what_happens(desk):
    assert desk.review().code == 0
    desk.change(GUIDE, "🌐 Symptom", "🌐 50 ms")
    done = desk.run("status", "--json")
    assert done.code == 1
    assert done.data["statuses"]["up_to_date"] == 1
    assert done.data["findings"] == {"FACT003": 1, "REVIEW002": 1}
    assert done.data["queue"]["high"] == 1


def test_pace_is_that_of_the_commits(desk):
    pace = desk.run("status", "--json").data["pace"]
    assert (pace["by_week"]["2024-W14"], sum(pace["by_week"].values())) == (2, 2)
    assert (pace["per_week"], pace["lacks"], pace["weeks"], pace["day"]) == (0.5, 2, 4, "2024-05-08")


def test_without_git_every_page_is_of_today(desk):
    (desk.path / ".git").rename(desk.path / "no-git")
    pace = desk.run("status", "--json", GIT_CEILING_DIRECTORIES=str(desk.path.parent)).data["pace"]
    assert pace["per_week"] == 0.5
    assert list(pace["by_week"].values())[-1] == 2


@pytest.mark.parametrize(
    ("lacks", "per_week", "weeks"), [(0, 0.0, 0), (0, 3.0, 0), (7, 0.0, None), (7, 3.5, 2), (8, 3.5, 3)]
)
def test_forecast(lacks, per_week, weeks):
    today = date(2024, 4, 10)
    forecast = Pace({}, per_week).forecast(lacks, today)
    assert forecast.weeks == weeks
    assert forecast.day == (None if weeks is None else today + timedelta(weeks=weeks))


def test_phases_are_worked_on_one_after_the_other():
    phases = {"2": {"planned": 4}, "1": {"planned": 2}, "10": {"planned": 0}}
    ahead = phases_ahead(phases, Pace({}, 2.0), date(2024, 4, 10))
    assert {n: (f.lacks, f.weeks) for n, f in ahead.items()} == {"1": (2, 1), "2": (4, 3), "10": (0, 3)}
    assert current_phase(phases) == "1"
    assert current_phase({"1": {"planned": 0}}) == ""


def test_export_writes_markdown_and_json(desk):
    done = desk.run("status", "--export", "weekly_report.md")
    assert (done.out, done.err) == ("", "wrote weekly_report.md and weekly_report.json\n")
    report = desk.read("weekly_report.md")
    assert report.startswith("# Atlas, week 2024-W15\n\n2 of 4 diagrams created")
    assert "| Incident anatomies | 2 | 1 | 1 | 0 | 0 | 1 |" in report
    assert "## Open findings\n\nNone.\n" in report
    assert json.loads(desk.read("weekly_report.json"))["totals"]["created"] == 2


def test_record_appends_one_snapshot_a_day_that_the_site_reads(desk):
    desk.write("source/progress.md", "# Progress\n\n```{atlas-view} progress\n```\n")
    desk.change("source/index.md", "boards", "boards\nprogress")
    assert desk.run("status", "--record").code == 0
    assert "created = 2\nsourced = 2\nreviewed = 0\nfacts = 6" in desk.read("source/_data/snapshots.toml")
    again = desk.run("status", "--record")
    assert (again.code, "has a snapshot of 2024-04-10" in again.err) == (2, True)
    assert desk.run("status").code == 0


def test_one_snapshot_a_day_of_eight_at_once(desk):
    command = [*ATLAS, "status", "--record"]
    running = [subprocess.Popen(command, cwd=desk.path, env=ENV, stdout=-3, stderr=-3) for _ in range(8)]
    assert sorted(process.wait() for process in running) == [0, *[2] * 7]
    assert desk.read("source/_data/snapshots.toml").count("day = 2024-04-10") == 1


def test_waiting_for_another_command_is_said(desk):
    held = os.open(desk.path / "build/atlas", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    command = [*ATLAS, "status", "--record"]
    with subprocess.Popen(command, cwd=desk.path, env=ENV, stdout=-3, stderr=-1, text=True) as process:
        assert process.stderr
        assert process.stderr.readline() == "atlas: waiting for another atlas command\n"
        os.close(held)
        process.stderr.read()
    assert process.returncode == 0


def test_progress_tells_milestones_and_what_it_assumes(desk):
    done = desk.run("progress")
    assert "2 of 4 diagrams on 2024-04-10" in done.out
    assert "25 % ✓  50 % ✓  75 % −1  100 % −2" in done.out
    assert "all: 2 to go, 4 weeks, 2024-05-08" in done.out
    assert done.out.count("assumed: ") == 3


def test_progress_by_a_day(desk):
    due = desk.run("progress", "--by", "2024-04-24", "--json").data["due"]
    assert due == {"day": "2024-04-24", "lacks": 2, "per_week": 1.0}
    assert "by 2024-04-24: 2 to go, 1.0 a week" in desk.run("progress", "--by", "2024-04-24").out


def test_a_plan_that_is_whole(desk):
    desk.change("source/_data/catalogue/plan.toml", "target = 4", "target = 2")
    desk.change("source/_data/catalogue/plan.toml", 'anatomies", target = 2', 'anatomies", target = 1')
    desk.change("source/_data/catalogue/plan.toml", 'guides", target = 2', 'guides", target = 1')
    assert "every phase is whole" in desk.run("status").out
    assert "all: whole" in desk.run("progress").out


def test_a_system_is_counted(desk):
    assert desk.run("status", "--json").data["systems"] == {}
    desk.change(PAGE, INCIDENT, "systems/acme/outage")
    assert desk.run("status").code == 1
