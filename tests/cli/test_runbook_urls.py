"""Runbook-urls: annotations put into a team's rules as they stand, and what the atlas does not know."""

from __future__ import annotations

import json

import pytest
import yaml

from .conftest import GUIDE

BASE = "https://atlas.example.org/"
URL = "https://atlas.example.org/incidents/acme-2024-03-05.html#incidents-acme-2024-03-05-3am"
LOUD = "  - alert: QueueDepthHigh  # loud\n    expr: x > 1\n    annotations:\n      # why\n"
HEAD = "groups:\n- name: queue\n  rules:\n"


def linked(desk, text, *words):
    """The rules after `--write`, and what was said."""
    (desk.path / "rules.yaml").write_bytes(text.encode())
    done = desk.run("runbook-urls", "--base", BASE, "--write", "rules.yaml", *words)
    return (desk.path / "rules.yaml").read_bytes().decode(), done


@pytest.mark.parametrize(
    ("rule", "after"),
    [
        (
            f"{LOUD}      summary: '{{{{ $value }}}}'\n",
            f"{LOUD}      runbook_url: \"{URL}\"\n      summary: '{{{{ $value }}}}'\n",
        ),
        (
            "  - alert: QueueDepthHigh  # loud\n    expr: x\n",
            f'  - alert: QueueDepthHigh  # loud\n    annotations:\n      runbook_url: "{URL}"\n    expr: x\n',
        ),
        (
            "  - expr: x\n    alert: QueueDepthHigh",
            f'  - expr: x\n    alert: QueueDepthHigh\n    annotations:\n      runbook_url: "{URL}"',
        ),
        (
            "  - {alert: QueueDepthHigh, expr: x}\n",
            f'  - {{annotations: {{runbook_url: "{URL}"}}, alert: QueueDepthHigh, expr: x}}\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations: {summary: s}\n",
            f'  - alert: QueueDepthHigh\n    annotations: {{runbook_url: "{URL}", summary: s}}\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations: {}\n",
            f'  - alert: QueueDepthHigh\n    annotations: {{runbook_url: "{URL}"}}\n',
        ),
        (
            "  - alert: QueueDepthHigh\r\n    annotations:\r\n      a: b\r\n",
            f'  - alert: QueueDepthHigh\r\n    annotations:\r\n      runbook_url: "{URL}"\r\n      a: b\r\n',
        ),
        (
            "  - alert: QueueDepthHigh\r\n    expr: x\r\n",
            f'  - alert: QueueDepthHigh\r\n    annotations:\r\n      runbook_url: "{URL}"\r\n    expr: x\r\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations:\n    expr: x\n",
            f'  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: "{URL}"\n    expr: x\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations: # later\n    expr: x\n",
            f'  - alert: QueueDepthHigh\n    annotations: # later\n      runbook_url: "{URL}"\n    expr: x\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations:",
            f'  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: "{URL}"',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations: null\n",
            f'  - alert: QueueDepthHigh\n    annotations: {{runbook_url: "{URL}"}}\n',
        ),
        (
            "  - {alert: QueueDepthHigh, annotations: , expr: x}\n",
            f'  - {{alert: QueueDepthHigh, annotations: {{runbook_url: "{URL}"}} , expr: x}}\n',
        ),
        (
            "  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: # none\n      a: b\n",
            f'  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: "{URL}" # none\n      a: b\n',
        ),
        (
            "  - &r\n    alert: QueueDepthHigh\n    labels: &l {}\n    annotations: {<<: *l, c: d}\n",
            f"""  - &r
    alert: QueueDepthHigh
    labels: &l {{}}
    annotations: {{runbook_url: "{URL}", <<: *l, c: d}}
""",
        ),
    ],
    ids=[
        *("block", "none", "last", "flow-rule", "flow", "empty", "crlf", "crlf-none"),
        *("nothing", "comment", "end", "null", "flow-nothing", "hollow", "merged"),
    ],
)
def test_an_annotation_is_put_in_and_nothing_else_moves(desk, rule, after):
    text, done = linked(desk, HEAD + rule)
    assert text == HEAD + after
    assert yaml.safe_load(text)["groups"][0]["rules"][0]["annotations"]["runbook_url"] == URL
    assert (done.code, "1 alert: 1 linked" in done.err) == (0, True)
    assert linked(desk, text)[0] == text


def test_a_runbook_of_ones_own_is_kept_but_for_replace(desk):
    rule = (
        HEAD + "  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: https://own.example/ # ours\n"
    )
    text, done = linked(desk, rule)
    assert (text, "1 with a runbook of their own" in done.err) == (rule, True)
    text, _ = linked(desk, rule, "--replace")
    assert text == rule.replace("https://own.example/", f'"{URL}"')


@pytest.mark.parametrize(
    "value",
    ["https://own.example/", '"https://own.example/"', ">-\n        https://own.example/", "|\n        x"],
    ids=["plain", "quoted", "folded", "literal"],
)
@pytest.mark.parametrize(
    "more", ["", "\n", "\n      summary: s\n", "\n\n  # note\n  - record: y\n    expr: z\n"]
)
def test_any_form_of_runbook_is_replaced(desk, value, more):
    rule = f"{HEAD}  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: "
    text, _ = linked(desk, f"{rule}{value}{more}", "--replace")
    assert yaml.safe_load(text)["groups"][0]["rules"][0]["annotations"]["runbook_url"] == URL
    assert text.rstrip() == f'{rule}"{URL}"{more}'.rstrip()


SHARED = {
    "alias": "  - alert: QueueDepthHigh\n    annotations: &a {s: t}\n  - alert: Other\n    annotations: *a\n",
    "twice": "  - alert: QueueDepthHigh\n    annotations: &a {s: t}\n"
    "  - alert: QueueDepthHigh\n    annotations: *a\n",
    "taken-in": "  - alert: QueueDepthHigh\n    annotations: &a {s: t}\n"
    "  - alert: Other\n    annotations: {<<: *a, u: v}\n",
    "rule": "  - &r {alert: QueueDepthHigh, expr: x}\n  - {<<: *r, alert: Other}\n",
    "inherited": "  - &r {alert: Other, annotations: {s: t}}\n  - {<<: *r, alert: QueueDepthHigh}\n",
    "name": "  - &r {alert: QueueDepthHigh}\n  - <<: [*r]\n    expr: x\n",
    "name-alias": "  - alert: &n QueueDepthHigh\n    labels: {a: *n}\n",
    "text": "  - alert: QueueDepthHigh\n    annotations: text\n",
    "block": "  - alert: |-\n      QueueDepthHigh\n    expr: |\n      x\n",
    "double": "  - alert: QueueDepthHigh\n    expr: x\n    expr: y\n",
}


@pytest.mark.parametrize("rules", SHARED.values(), ids=SHARED)
def test_what_other_rules_would_see_is_left_to_the_team(desk, rules):
    text, done = linked(desk, HEAD + rules)
    assert text == HEAD + rules
    assert (done.code, "QueueDepthHigh cannot be edited here; by hand: runbook_url: " in done.out) == (
        1,
        True,
    )
    rows = desk.run("runbook-urls", "--base", BASE, "rules.yaml", "--json").data
    assert {row["state"] for row in rows} <= {"by_hand", "unknown"}
    assert URL in {row["url"] for row in rows}


def test_a_runbook_that_is_taken_in_is_kept_but_for_replace(desk):
    rules = (
        "x: &b {runbook_url: https://own.example/, s: t}\n"
        f"{HEAD}  - alert: QueueDepthHigh\n    annotations:\n      <<: *b\n      s: u\n"
    )
    text, done = linked(desk, rules)
    assert (text, done.code, "1 with a runbook of their own" in done.err) == (rules, 0, True)
    text, _ = linked(desk, rules, "--replace")
    assert yaml.safe_load(text)["groups"][0]["rules"][0]["annotations"] == {"runbook_url": URL, "s": "u"}
    assert yaml.safe_load(text)["x"] == yaml.safe_load(rules)["x"]


def test_what_is_wrong_with_one_file_does_not_stop_the_others(desk):
    files = {
        "a.yaml": "a: [",
        "b.yaml": HEAD + "  - alert: QueueDepthHigh\n",
        "c.yaml": HEAD + SHARED["alias"],
    }
    for name, text in files.items():
        desk.write(name, text)
    done = desk.run("runbook-urls", "--base", BASE, "--write", *files, "nowhere.yaml")
    assert done.code == 2
    assert "a.yaml:1: broken YAML" in done.err
    assert "cannot read nowhere.yaml" in done.err
    assert "c.yaml:4: QueueDepthHigh cannot be edited here" in done.out
    assert URL in desk.read("b.yaml")


ODD = "  - alert: QueueDepthHigh\n    annotations:\n      ? summary\n      : x\n"
GOOD = "  - alert: QueueDepthHigh\n    expr: x\n"
EDITED = f'  - alert: QueueDepthHigh\n    annotations:\n      runbook_url: "{URL}"\n    expr: x\n'
ELSEWHERE = "  - alert: Other\n    labels: {a: b, a: c}\n"


@pytest.mark.parametrize(
    ("rules", "after", "lines"),
    [
        (GOOD + ODD, EDITED + ODD, [6]),
        (ODD + GOOD + ODD + GOOD + GOOD, ODD + EDITED + ODD + EDITED + EDITED, [4, 10]),
        (ODD + ODD, ODD + ODD, [4, 8]),
        (SHARED["double"] + GOOD, SHARED["double"] + EDITED, [4]),
        (ELSEWHERE + GOOD, ELSEWHERE + EDITED, []),
    ],
    ids=["last", "between", "all", "double", "double-elsewhere"],
)
def test_a_rule_that_cannot_be_edited_does_not_stop_the_others(desk, rules, after, lines):
    text, done = linked(desk, HEAD + rules)
    assert text == HEAD + after
    said = [line.partition(" cannot be")[0] for line in done.out.splitlines() if "cannot be edited" in line]
    assert said == [f"rules.yaml:{line}: QueueDepthHigh" for line in lines]


def test_a_link_stays_one_and_its_file_keeps_its_permissions(desk):
    rules = desk.write("rules/queue.yaml", HEAD + "  - alert: QueueDepthHigh\n")
    rules.chmod(0o640)
    link = desk.path / "link.yaml"
    link.symlink_to("rules/queue.yaml")
    assert desk.run("runbook-urls", "--base", BASE, "--write", "link.yaml").code == 0
    assert link.is_symlink()
    assert URL in rules.read_text()
    assert rules.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in rules.parent.iterdir()] == ["queue.yaml"]


def test_all_shapes_of_files(desk):
    objects = (
        "kind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n"
        "    - alert: QueueDepthHigh\n---\n"
        "kind: List\nitems:\n- spec:\n    groups:\n    - rules:\n"
        "      - alert: QueueDepthHigh\n---\n# nothing\n"
    )
    text, _ = linked(desk, objects)
    assert text.count(URL) == 2
    assert len(list(yaml.safe_load_all(text))) == 3


def test_coverage(desk):
    desk.change(GUIDE, ":version: 1.0", ":alerts: QueueDepthHigh; WorkersIdle(<2)\n:version: 1.0")
    rules = HEAD + "".join(
        f"  - alert: {a}\n" for a in ("QueueDepthHigh", "WorkersIdle", "QueueDeptHigh", "Nothing")
    )
    desk.write("rules.yaml", rules + "  - record: x\n    expr: y\n")
    done = desk.run("runbook-urls", "--base", BASE, "rules.yaml")
    assert done.code == 1
    assert "rules.yaml:6: QueueDeptHigh is not known (near: QueueDepthHigh)" in done.out
    assert "4 alerts: 2 linked, 0 with a runbook of their own, 2 unknown" in done.err
    assert desk.read("rules.yaml").startswith(rules)
    rows = desk.run("runbook-urls", "--base", BASE, "rules.yaml", "--json").data
    assert rows[0]["pages"] == ["debugging/queue-full", "incidents/acme-2024-03-05"]
    assert rows[0]["url"].endswith("debugging/queue-full.html#debugging-queue-full-3am")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups: [", "rules.yaml:1: broken YAML"),
        ("a: {{ .Values.x }}\nb: }", "broken YAML"),
        ("\x00", "broken YAML"),
        ("[" * 5000, "nested too deeply"),
        ("items: &a [{items: *a}]", "nested too deeply"),
    ],
)
def test_what_is_no_yaml(desk, text, said):
    done = linked(desk, text)[1]
    assert (done.code, said in done.err) == (2, True), done.err


@pytest.mark.parametrize(
    "text", ["", "a: 1", "groups: x", "groups:\n- rules: 3\n- 4", "- alert: QueueDepthHigh"]
)
def test_yaml_without_rules(desk, text):
    after, done = linked(desk, text)
    assert (after, done.code, "0 alerts" in done.err) == (text, 0, True)


def test_an_alias_is_the_same_rule(desk):
    text = "x: &r\n  alert: QueueDepthHigh\ngroups:\n- rules: [*r, *r]\n"
    after, done = linked(desk, text)
    assert after.count(URL) == 1
    assert done.code == 0


def test_files_that_cannot_be_read(desk):
    assert "cannot read nowhere.yaml" in desk.run("runbook-urls", "--base", BASE, "nowhere.yaml").err
    (desk.path / "rules.yaml").write_bytes(b"\xff")
    assert "cannot read rules.yaml" in desk.run("runbook-urls", "--base", BASE, "rules.yaml").err


def test_json_stays_json(desk):
    rules = '{"groups":[{"name":"x","rules":[{"alert":"QueueDepthHigh","expr":"x"}]}]}\n'
    after, done = linked(desk, rules)
    assert done.code == 0
    [rule] = json.loads(after)["groups"][0]["rules"]
    assert rule == {"alert": "QueueDepthHigh", "expr": "x", "annotations": {"runbook_url": URL}}
    kept = rules.replace('"expr":"x"', '"annotations":{"summary":"s"}')
    [rule] = json.loads(linked(desk, kept)[0])["groups"][0]["rules"]
    assert rule["annotations"] == {"summary": "s", "runbook_url": URL}
    hollow = rules.replace('"expr":"x"', '"annotations":{}')
    [rule] = json.loads(linked(desk, hollow)[0])["groups"][0]["rules"]
    assert rule["annotations"] == {"runbook_url": URL}


def test_an_alert_with_a_remark_answers_with_and_without_it(desk):
    page = "source/incidents/acme-2024-03-05.md"
    desk.change(page, ":alerts: QueueDepthHigh", ":alerts: Depth(<80%); QueueDepthHigh(acme)")
    for alert in ("Depth", "Depth(<80%)", "QueueDepthHigh", "QueueDepthHigh(acme)"):
        after, done = linked(desk, f"{HEAD}  - alert: {alert}\n")
        assert (done.code, URL in after) == (0, True), alert


@pytest.mark.parametrize(
    ("words", "url"),
    [
        (("--dirhtml",), URL.replace(".html", "/")),
        (
            ("--base", "http://atlas.intranet"),
            URL.replace("https://atlas.example.org", "http://atlas.intranet"),
        ),
    ],
)
def test_the_address_is_that_of_the_site(desk, words, url):
    after, _ = linked(desk, f"{HEAD}  - alert: QueueDepthHigh\n", *words)
    assert f'runbook_url: "{url}"' in after


def test_standard_input_is_read_and_never_written(desk):
    rules = f"{HEAD}  - alert: QueueDepthHigh\n"
    done = desk.run("runbook-urls", "--base", BASE, "-", given=rules)
    assert (done.code, URL in done.out) == (0, True)
    refused = desk.run("runbook-urls", "--base", BASE, "--write", "-", given=rules)
    assert (refused.code, "cannot be written to" in refused.err) == (2, True)


def test_a_file_without_alerts_is_named(desk):
    _, done = linked(desk, "groups: []\n")
    assert (done.code, "no alerts in rules.yaml" in done.err) == (0, True)
