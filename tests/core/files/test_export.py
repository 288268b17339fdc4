"""Files for machines, against the schema and the forms that their readers expect."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.core.conftest import HERE, TODAY, fact, note, source

from atlas import __version__
from atlas.files import export, reports
from atlas.records.checks import fact_key
from atlas.records.house import HOUSE
from atlas.records.model import Extent, Finding, Place, Plane, Severity, Status, Tier
from atlas.records.notes import CommandNote, FactUse, Graph, Notes, PageNote, TimelineNote, TimelineRow
from atlas.records.plan import Check, Cited, Ledgers, Newest, Trial
from atlas.records.trials import commands_key
from atlas.rules.gates import Answer
from atlas.rules.seal import seal
from atlas.rules.table import RULES
from atlas.views.metrics import Priority

SCHEMA = json.loads((Path(export.__file__).parent / "schema/atlas-1.1.json").read_text(encoding="utf-8"))
FOUND = (
    Finding("FACT003", "typed digit '1,4' in label", Place("source/a b.md", 12), "make it a fact", "a/b"),
    Finding("LEDGER001", "100 % broken:\nexpected =", Place("source/_data/größe.toml"), ""),
    Finding("GATE006", "no edge is labelled", Place(""), "label it"),
)


def read(data) -> Any:
    """The data as a reader of the file gets it."""
    return json.loads(reports.dump(data))


def check(data):
    errors = Draft202012Validator(SCHEMA).iter_errors(read(data))
    return [f"{error.json_path}: {error.message}" for error in errors]


# atlas.json


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("which", ["atlas", "bare"])
def test_atlas_json_keeps_to_its_schema(request, which):
    assert check(export.atlas_json(request.getfixturevalue(which))) == []


def test_a_crowd_keeps_to_the_schema(crowd):
    assert check(export.atlas_json(crowd(30))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        (("schema",), 2),
        (("totals",), None),
        (("diagrams", 0, "status"), "done"),
        (("diagrams", 0, "hash"), "abc"),
        (("diagrams", 0, "gates", 0, "checks"), []),
        (("diagrams", 0, "nodes", 0, "plane"), "stream"),
        (("sources", 0, "read"), "yesterday"),
        (("facts", "acme/outage:backlog", "url"), "http://plain.example"),
        (("findings", 0, "severity"), "note"),
    ],
    ids=lambda part: ".".join(map(str, part)) if isinstance(part, tuple) else "",
)
def test_a_planted_breach_is_seen(atlas, path, value):
    data = part = read(export.atlas_json(atlas))
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert check(data)


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("severity", Severity),
        ("tier", Tier),
        ("extent", Extent),
        ("status", Status),
        ("plane", [*Plane, None]),
        ("priority", [*Priority, None]),
    ],
)
def test_the_schema_lists_what_the_model_does(name, members):
    assert SCHEMA["$defs"][name]["enum"] == list(members)


def test_the_schema_lists_gates_and_answers():
    gate = SCHEMA["$defs"]["gate"]["properties"]["gate"]
    assert gate["enum"] == list(HOUSE.gates)
    assert SCHEMA["$defs"]["check"]["properties"]["answer"]["enum"] == list(Answer)


def test_every_object_of_the_schema_is_closed():
    def objects(part):
        if isinstance(part, dict):
            if "properties" in part and "type" in part:
                yield part
            for inner in part.values():
                yield from objects(inner)

    assert all(o["additionalProperties"] is False for o in objects(SCHEMA))
    assert all(o["required"] == sorted(o["properties"]) for o in objects(SCHEMA))


OLD = json.loads((Path(export.__file__).parent / "schema/atlas-1.json").read_text(encoding="utf-8"))


def test_a_revision_only_adds_keys():
    """What stands in schema 1 stands in its revision, word for word, but for what is required besides."""
    for name, old in OLD["$defs"].items():
        new = SCHEMA["$defs"][name]
        assert set(old.get("required", ())) <= set(new.get("required", ()))
        kept = {
            key: part for key, part in new.get("properties", {}).items() if key in old.get("properties", {})
        }
        assert kept == old.get("properties", {})


def test_without_the_new_keys_a_file_keeps_to_the_old_schema(atlas):
    data = pruned(read(export.atlas_json(atlas)), OLD)
    for told in data["diagrams"]:
        told["hash"] = told["hash"].removeprefix("2-")  # the scheme, which the first one had not
    assert list(Draft202012Validator(OLD).iter_errors(data)) == []


def pruned(data: Any, shape: Any) -> Any:
    """Data without the keys that a schema does not know."""
    shape = OLD["$defs"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    if isinstance(data, list):
        return [pruned(item, shape.get("items", {})) for item in data]
    if not isinstance(data, dict):
        return data
    options = [shape, *shape.get("anyOf", ())]
    known = next((o for o in map(resolved, options) if "properties" in o), None)
    if known is None:
        more = shape.get("additionalProperties")
        return {k: pruned(v, more) for k, v in data.items()} if isinstance(more, dict) else data
    return {k: pruned(v, known["properties"][k]) for k, v in data.items() if k in known["properties"]}


def resolved(shape: Any) -> Any:
    return OLD["$defs"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape


@pytest.fixture
def running():
    """An incident with a timeline that leads to a guide with a command."""
    began = fact("acme/outage:began", "22:52 UTC")
    look = CommandNote(
        "look", "debugging/full", Place("source/g.md", 40), "df <dir>", "debugging/full", "3am", "reads",
        ("linux",), "^File", run_first=True, prints="Filesystem", says="Since ${acme/outage:began}.",
        placeholders=("dir",),
    )  # fmt: skip
    rows = (
        TimelineRow("acme/outage:began", "trigger", "began at ${acme/outage:began}", Place("source/i.md", 9)),
        TimelineRow("acme/outage", "over", "nobody says when", Place("source/i.md", 10)),
    )
    notes = Notes(
        (note("incidents/x"), note("debugging/full")),
        pages=tuple(
            PageNote(id, id, uses=(FactUse(target, id, HERE, role), FactUse(began.id, id, HERE)))
            for id, target, role in (
                ("incidents/x", "debugging/full", "diagram"),
                ("debugging/full", began.id, "fact"),
            )
        ),
        commands=(look,),
        timelines=(TimelineNote("incidents/x", "incidents/x", HERE, rows),),
    )
    ledgers = Ledgers(sources={"acme/outage": source("acme/outage", began)})
    return seal(notes, ledgers, today=TODAY)


def test_commands_and_timelines_are_told(running):
    assert check(export.atlas_json(running)) == []
    guide, incident = read(export.atlas_json(running))["diagrams"]
    assert guide["commands"] == [
        {
            "id": "look", "effect": "reads", "on": ["linux"], "text": "df <dir>", "placeholders": ["dir"],
            "expect": "^File", "prints": "Filesystem", "says": "Since 22:52 UTC.", "run_first": True,
            "loses": "", "look": "", "gate": "3am", "anchor": "debugging-full-command-look",
            "place": {"path": "source/g.md", "line": 40},
        }
    ]  # fmt: skip
    assert guide["run_first"] == incident["run_first"] == [{"diagram": "debugging/full", "command": "look"}]
    assert [(r["fact"], r["time"], r["kind"], r["event"]) for r in incident["timeline"]] == [
        ("acme/outage:began", "22:52 UTC", "trigger", "began at 22:52 UTC"),
        (None, None, "over", "nobody says when"),
    ]


def test_a_trial_is_told_and_due_when_its_command_says_something_else(running):
    (command,) = running.diagrams["debugging/full"].commands
    told = []
    for expected in (command.expect, "^Mounted"):
        key = commands_key([(command.id, command.text, expected)])
        trial = Trial("debugging/full", HERE, "coreutils 9.1", TODAY, ("look",), key)
        guide = replace(running.diagrams["debugging/full"], trial=trial)
        tried = replace(running, diagrams=running.diagrams | {"debugging/full": guide})
        assert check(export.atlas_json(tried)) == []
        told.append(diagram(tried, "debugging/full")["trial"])
    same = {"software": "coreutils 9.1", "day": "2026-11-24", "commands": ["look"], "untried": ""}
    assert told == [same | {"due": False}, same | {"due": True}]


def diagram(atlas, id):
    return next(d for d in read(export.atlas_json(atlas))["diagrams"] if d["id"] == id)


def test_a_diagram_tells_all(atlas):
    told = diagram(atlas, "incidents/acme")
    assert told["caption"] == "1.4 M jobs wait"
    assert told["page_title"] == "The page"
    assert told["technologies"] == ["kafka", "connect", "postgresql"]
    assert told["errors"] == ["ERR full"]
    assert told["symptoms"] == ["orders time out", "Queue grows"]
    assert told["references"] == {"backlog": "acme/outage:backlog"}
    assert told["status"] == "up_to_date"
    assert told["review"]["when"] == "2026-11-20T03:00:00+00:00"
    assert told["planned"] is True
    assert (told["diagram_type"], told["direction"]) == ("flowchart", "LR")


def test_nodes_edges_and_groups(atlas):
    told = diagram(atlas, "incidents/acme")
    assert told["nodes"][2] == {
        "id": "Q",
        "label": "💾 Kafka queue 1.4 M jobs waiting",
        "plane": "state",
        "group": "state",
        "shape": "cylinder",
        "link": "",
        "facts": ["acme/outage:backlog"],
        "broken": False,
        "standing": "published",
        "evidence": [],
    }
    assert told["nodes"][4]["plane"] is None
    assert told["edges"][1]["label"] == "1.4 M jobs orders"
    assert told["edges"][1]["facts"] == ["acme/outage:backlog"]
    assert [e["dashed"] for e in told["edges"]] == [False, False, True, True]
    assert told["groups"][2] == {"id": "state", "title": "TTL state", "group": "", "plane": "state"}


def test_a_reader_of_the_first_schema_finds_its_fields_unchanged():
    first = json.loads((Path(export.__file__).parent / "schema/atlas-1.json").read_text(encoding="utf-8"))
    for name, old in first["$defs"].items():
        for field, shape in old.get("properties", {}).items():
            assert SCHEMA["$defs"][name]["properties"][field] == shape
    assert set(first["properties"]) < set(SCHEMA["properties"])
    assert first["properties"]["schema"] == SCHEMA["properties"]["schema"]


def test_gates_carry_checks(atlas):
    told = diagram(atlas, "incidents/acme")["gates"][0]
    assert (told["gate"], told["verdict"], told["settled"]) == ("3am", "passed", 5)
    assert told["checks"][0]["literals"] == ["ERR full", "ERR full"]
    assert told["checks"][0]["commands"] == ["$ queuectl depth"]


def test_an_undrawn_diagram_is_there(atlas):
    told = diagram(atlas, "incidents/broken")
    assert (told["diagram_type"], told["direction"], told["page_title"]) == (None, None, "")
    assert told["nodes"] == told["edges"] == told["groups"] == []
    assert (told["status"], told["priority"], told["review"]) == ("missing_version", "high", None)


def test_facts_stand_once_and_lead_to_their_spot(atlas):
    facts = read(export.atlas_json(atlas))["facts"]
    assert len(facts) == 4
    assert facts["acme/outage:backlog"]["url"].startswith("https://acme.example/outage#:~:text=")
    assert facts["press/story:token"]["quantity"] is None
    assert facts["acme/outage:twice"]["as_of"] is None


def test_the_catalogue_knows_the_status_of_its_entries(atlas):
    entries = read(export.atlas_json(atlas))["catalogue"]["entries"]
    statuses = {e["id"]: e["status"] for e in entries}
    assert statuses["incidents/acme"] == "up_to_date"
    assert statuses["debugging/later"] == "not_created"


def test_hostile_text_survives(atlas):
    text = '</script>"\\ \u2028 数据库 🎛️ \u202ertl'
    d = atlas.diagrams["incidents/acme"]
    hostile = replace(d, note=replace(d.note, title=text, graph=Graph("flowchart")))
    data = export.atlas_json(replace(atlas, diagrams={d.id: hostile}))
    assert check(data) == []
    assert read(data)["diagrams"][0]["title"] == text


def test_dump_is_the_same_whatever_the_order_of_keys():
    keys = [f"k{i}" for i in range(50)]
    shuffled = random.sample(keys, len(keys))
    assert reports.dump(dict.fromkeys(keys, 1)) == reports.dump(dict.fromkeys(shuffled, 1))
    assert reports.dump({"größe": 1, "a": [2]}) == '{"a": [2], "größe": 1}\n'


def test_dump_refuses_what_is_not_json():
    with pytest.raises(ValueError, match="Out of range"):
        reports.dump({"a": float("nan")})


# CENTRAL_METRICS.json


def test_metrics_agree_with_the_atlas(atlas):
    counted, whole = read(export.central_metrics(atlas)), read(export.atlas_json(atlas))
    assert counted["totals"] == whole["totals"]
    assert counted["totals"]["created"] == len(whole["diagrams"])
    assert counted["totals"]["planned"] + counted["totals"]["created"] == counted["totals"]["target"]
    assert counted["categories"]["incidents"] == {
        "target": 4,
        "created": 3,
        "sourced": 1,
        "reviewed": 1,
        "honest_empty": 2,
        "planned": 1,
    }
    assert counted["phases"]["2"]["created"] == 0
    assert counted["systems"]["globex"]["planned"] == 2
    assert counted["statuses"] == {
        "not_created": 4,
        "missing_version": 1,
        "needs_review": 4,
        "outdated": 0,
        "up_to_date": 1,
    }
    assert sum(counted["findings"].values()) == len(whole["findings"])
    assert counted["reviews"]["error_rate"] == 0.2


def test_metrics_of_a_gate(atlas):
    told = read(export.central_metrics(atlas))["gates"]["incident"]
    assert told["verdicts"] == {"passed": 2, "open": 0, "failed": 0}
    assert (told["checks"], told["settled"]) == (10, 10)
    assert told["answers"] == {
        "answered": 9,
        "passed": 0,
        "not_published": 1,
        "not_applicable": 0,
        "failed": 0,
        "unanswered": 0,
    }


def test_metrics_of_a_bare_atlas(bare):
    counted = read(export.central_metrics(bare))
    assert counted["build"] == {"version": __version__, "date": "2026-11-24"}
    assert counted["categories"] == counted["systems"] == counted["findings"] == {}
    assert counted["reviews"]["error_rate"] is None
    assert set(counted["gates"]) == set(HOUSE.gates)


# Findings


def test_text():
    assert reports.text(FOUND).splitlines() == [
        "source/a b.md:12: error FACT003 typed digit '1,4' in label (make it a fact)",
        "source/_data/größe.toml: error LEDGER001 100 % broken: expected =",
        "warning GATE006 no edge is labelled (label it)",
    ]


def test_json():
    told = json.loads(reports.as_json(FOUND))
    assert told[0] == {
        "rule": "FACT003",
        "severity": "error",
        "message": "typed digit '1,4' in label",
        "path": "source/a b.md",
        "line": 12,
        "hint": "make it a fact",
        "diagram": "a/b",
    }
    assert [t["line"] for t in told] == [12, 0, 0]


def test_github():
    assert reports.github(FOUND).splitlines() == [
        "::error file=source/a b.md,line=12,title=FACT003::typed digit '1,4' in label%0Amake it a fact",
        "::error file=source/_data/größe.toml,title=LEDGER001::100 %25 broken:%0Aexpected =",
        "::warning title=GATE006::no edge is labelled%0Alabel it",
    ]


def test_github_properties_cannot_be_broken_out_of():
    hostile = Finding("FACT001", "m\r\n::error::x", Place("a,b:c%d\n.md", 1))
    said = "::error file=a%2Cb%3Ac%25d%0A.md,line=1,title=FACT001::m%0D%0A::error::x\n"
    assert reports.github([hostile]) == said


def test_sarif():
    log = json.loads(reports.sarif(FOUND))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("atlas", __version__)
    assert [r["id"] for r in driver["rules"]] == list(RULES)
    assert all(r["shortDescription"]["text"] and r["help"]["text"] for r in driver["rules"])
    assert {r["defaultConfiguration"]["level"] for r in driver["rules"]} == {"error", "warning"}
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]


def test_sarif_places():
    first, second, third = json.loads(reports.sarif(FOUND))["runs"][0]["results"]
    assert first["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "source/a%20b.md"}, "region": {"startLine": 12}}}
    ]
    assert second["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "source/_data/gr%C3%B6%C3%9Fe.toml"}
    }
    assert "locations" not in third
    assert (first["level"], third["level"]) == ("error", "warning")
    assert first["message"]["text"] == "typed digit '1,4' in label. make it a fact"


@pytest.mark.parametrize("name", reports.FORMATS)
def test_no_finding_is_lawful_in_every_format(name):
    told = reports.FORMATS[name](())
    if name in ("json", "sarif"):
        assert json.loads(told) is not None
    else:
        assert told == ""


def test_a_fact_says_whether_it_was_seen_again(atlas):
    source = atlas.ledgers.sources["acme/outage"]
    key = fact_key(source, source.facts[0])
    seen: tuple[Any, ...] = (Cited.SEEN, "words", Newest.STANDS, "a" * 40, date(2026, 8, 1))
    check = Check("acme/outage:backlog", HERE, key, TODAY, *seen)
    checked = replace(atlas, ledgers=replace(atlas.ledgers, checks={check.id: check}))
    data: Any = export.atlas_json(checked)
    told = data["facts"]["acme/outage:backlog"]["check"]
    assert told == {
        "on": "2026-11-24",
        "by": "words",
        "cited": "seen",
        "newest": "stands",
        "at": "a" * 40,
        "of": "2026-08-01",
        "path": "",
    }
    assert data["facts"]["acme/outage:spare"]["check"] is None
