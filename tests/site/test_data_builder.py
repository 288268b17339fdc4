"""The builder that the command line refreshes its data with: the data as beside the HTML, and no page."""

from __future__ import annotations

import json


def test_it_writes_the_data_of_the_html_and_no_page(lawful):
    data, pages = lawful.build(builder="atlas-json"), lawful.build()
    assert (data.code, pages.code) == (0, 0), data.log
    for name in ("atlas.json", "CENTRAL_METRICS.json"):
        assert json.loads(data.read(name)) == json.loads(pages.read(name))
    shown = sorted(path.name for path in data.out.iterdir() if not path.name.startswith("."))
    assert shown == ["CENTRAL_METRICS.json", "atlas.json"]


def test_it_follows_a_change_and_fails_on_an_error(lawful):
    lawful.build(builder="atlas-json")
    lawful.change("source/incidents/acme-2024-03-05.md", "⚙️ Order API", "⚙️ Order API 50 ms")
    built = lawful.build(builder="atlas-json")
    assert (built.code, built.rules) == (1, {"FACT003"})
    assert [f["rule"] for f in json.loads(built.read("atlas.json"))["findings"]] == ["FACT003"]


def test_it_writes_anew_where_nothing_changed(lawful):
    first = lawful.build(builder="atlas-json")
    (first.out / "atlas.json").unlink()
    assert json.loads(lawful.build(builder="atlas-json").read("atlas.json"))["totals"]["created"] == 2
