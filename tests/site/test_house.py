"""A house of its own: a project with ledgers elsewhere, and gates, categories and tiers that are not ours."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from .conftest import Build, Project

CONF = """
project = "Acme"
extensions = ["myst_parser", "atlas_sphinx"]
exclude_patterns = ["facts"]
html_theme = "alabaster"
myst_enable_extensions = ["colon_fence", "deflist"]
atlas_data = "facts"
"""
HOUSE = """
[gate.doors]
title    = "Doors"
name     = "Who gets in"
question = "Who gets in?"
checks   = ["Access", "Secrets"]

[page]
owes = ["doors"]

[category.postmortems]
role = "incident"

[kind]

[tier]
interview = "press"
"""
LEDGER = """
[outage]
title     = "The order queue outage of 5 March"
url       = "https://engineering.acme.example/2024/03/queue-outage"
publisher = "Acme"
tier      = "interview"
published = 2024-03-20
read      = 2024-04-01
extent    = "full"

[outage.facts]
backlog = { value = "1.4 M jobs", text = "1.4 million jobs", says = "jobs waiting", as_of = 2024-03-05 }
"""
PAGE = """# The queue

A worker waits; {atlas:fact}`acme/outage:backlog` waited at the worst.

```{atlas-diagram} notes/queue
:title: From the shop to the workers
:alt: The shop puts orders into a queue.
:sources: acme/outage

flowchart LR
  subgraph service
    SHOP["📦 Shop"]
  end
  subgraph state
    Q[("💾 Order queue<br/>${backlog}")]
  end
  SHOP -->|"order"| Q
```

:::{quality-gate} doors
Access
: By the proxy alone.

Secrets
: not published: the report names none
:::
"""
INDEX = "# Acme\n\n:::{toctree}\nqueue\n:::\n"


@pytest.fixture
def house(project: Callable[[dict[str, str]], Project]) -> Project:
    return project(
        {
            "conf.py": CONF,
            "source/index.md": INDEX,
            "source/queue.md": PAGE,
            "source/facts/atlas.toml": HOUSE,
            "source/facts/sources/acme.toml": LEDGER,
        }
    )


def strict(house: Project) -> Build:
    return house.build("-nW", "--keep-going")


def test_a_house_of_its_own_is_green_and_shown(house):
    built = strict(house)
    assert (built.code, built.findings) == (0, []), built.log
    page = built.read("queue.html")
    assert "Who gets in" in page
    assert "Doors: " in page
    assert "New hire" not in page
    assert "(as reported by Acme)" in page
    data = json.loads(built.read("atlas.json"))
    assert [g["gate"] for g in data["diagrams"][0]["gates"]] == ["doors"]
    assert (data["sources"][0]["tier"], data["sources"][0]["second_hand"]) == ("interview", True)


def test_what_a_house_asks_is_owed(house):
    house.change("source/queue.md", "notes/queue", "postmortems/queue")
    house.change("source/queue.md", "Secrets\n: not published: the report names none\n", "")
    built = strict(house)
    assert built.code == 1
    assert sorted(built.rules) == ["DIAGRAM004", "GATE002", "TIMELINE007"]


def test_a_page_is_written_again_where_the_house_calls_it_otherwise(house):
    strict(house)
    house.change("source/facts/atlas.toml", '"Who gets in"', '"The doors"')
    assert "The doors" in strict(house).read("queue.html")


def test_a_fault_of_the_house_is_one_finding_in_its_file(house):
    house.change("source/facts/atlas.toml", '[page]\nowes = ["doors"]', '[page]\nowes = ["dors"]')
    built = strict(house)
    assert built.code == 1
    (first,) = [line for line in built.findings if "atlas.toml" in line]
    assert first.startswith("source/facts/atlas.toml:9: ")
    assert "LEDGER002: `page.owes` names the unknown gate `dors` (did you mean `doors`?)" in first


@pytest.mark.parametrize("folder", ["../facts", "/facts", ".", "", "a/../b"])
def test_ledgers_stand_below_the_pages(house, folder):
    house.change("conf.py", '"facts"\n', f'"{folder}"\n')
    built = house.build()
    assert built.code == 2
    assert "no folder below that of the pages" in built.log
