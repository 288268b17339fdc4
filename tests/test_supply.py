"""What comes from others: the bill of materials, pinned actions, an audit on a schedule, a policy."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest
import yaml

import sbom
import vendor

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCK = ROOT / "requirements" / "docs.lock"


def test_the_bill_lists_every_pin_with_its_hashes() -> None:
    text = LOCK.read_text(encoding="utf-8")
    pins = sbom.read_lock(text)
    assert {(p.name, p.version) for p in pins} == {*re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", text, re.M)}
    assert all(pin.hashes for pin in pins)
    assert sum(len(pin.hashes) for pin in pins) == text.count("--hash=sha256:")


def test_the_bill_is_a_tree_of_known_references() -> None:
    bill = sbom.make_sbom(sbom.read_lock(LOCK.read_text(encoding="utf-8")), vendor.LIBRARIES)
    refs = {c["bom-ref"] for c in bill["components"]} | {"atlas"}
    assert len(refs) == len(bill["components"]) + 1
    assert {d["ref"] for d in bill["dependencies"]} <= refs
    assert {ref for d in bill["dependencies"] for ref in d["dependsOn"]} == refs - {"atlas"}
    sphinx = next(d for d in bill["dependencies"] if d["ref"].startswith("pkg:pypi/sphinx@"))
    assert any(ref.startswith("pkg:pypi/docutils@") for ref in sphinx["dependsOn"])
    assert uuid.UUID(bill["serialNumber"].removeprefix("urn:uuid:")).version == 5
    assert any(c["purl"].startswith("pkg:npm/") and c["components"] for c in bill["components"])


def test_the_same_lock_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        assert sbom.main([str(LOCK), "-o", str(tmp_path / "build" / name)]) == 0
    first, second = ((tmp_path / "build" / name).read_bytes() for name in ("a.json", "b.json"))
    assert first == second
    assert json.loads(first)["bomFormat"] == "CycloneDX"


def test_another_lock_is_another_bill() -> None:
    pins = sbom.read_lock(
        "a==1 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via\n    #   -c x.lock\n    #   b\n"
    )
    assert pins == [sbom.Pin("a", "1", ("0" * 64,), ("b",))]
    bills = [sbom.make_sbom(pins[:n], ()) for n in (0, 1)]
    assert bills[0]["serialNumber"] != bills[1]["serialNumber"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"uses:\s*(\S+)(.*)", path.read_text(encoding="utf-8"))
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), f"{action} is pinned by a name"
        assert re.match(r"\s+# v\d", comment), f"{action} does not say its version"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_read_alone(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())


def test_locks_are_audited_on_a_schedule() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    scheduled = [
        job for job in workflow["jobs"].values() if job.get("if") == "github.event_name == 'schedule'"
    ]
    assert any("audit" in job["strategy"]["matrix"]["env"] for job in scheduled)
    audit = (
        (ROOT / "tox.ini")
        .read_text(encoding="utf-8")
        .partition("[testenv:audit]")[2]
        .partition("[testenv:")[0]
    )
    covered = {*re.findall(r"requirements/(\w+)\.lock", audit)}
    dev = (ROOT / "requirements/dev.lock").read_text(encoding="utf-8")
    for lock in (ROOT / "requirements").glob("*.lock"):
        pins = {*re.findall(r"^[a-z0-9.-]+==[^\s;]+", lock.read_text(encoding="utf-8"), re.M)}
        inside = pins <= {*re.findall(r"^[a-z0-9.-]+==[^\s;]+", dev, re.M)}
        assert lock.stem in covered or inside, f"{lock.name} is not audited"


def test_the_policy_says_what_is_promised_and_how_to_report() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert {"## Reporting", "## What is promised", "## What is not"} <= {*text.splitlines()}
