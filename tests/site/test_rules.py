"""Every rule of the table: its good example builds without a finding, its bad one is red twice in a row."""

from __future__ import annotations

import pytest

from atlas.records.model import Severity
from atlas.rules.table import RULES, Rule

from .conftest import Project

PLANTED = [rule for rule in RULES.values() if rule.path]


def test_the_lawful_project_has_no_finding(lawful: Project) -> None:
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert not built.rules


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.id)
def test_a_planted_fault_is_red_twice(lawful: Project, rule: Rule) -> None:
    """First as readers build (`-j1`, warnings allowed), then as CI does (`-j8 -nW`), on the same doctrees."""
    lawful.change(rule.path, rule.good, rule.bad)
    first = lawful.build("-j", "1")
    again = lawful.build("-nW", "--keep-going", "-j", "8")
    assert rule.id in first.rules, first.log
    assert first.findings == again.findings
    assert first.code == (1 if rule.severity is Severity.ERROR else 0)
    assert again.code == 1
