"""Typed figures: found wherever a page can say one, and nowhere else."""

from __future__ import annotations

import re

from .conftest import Project

PAGE = "source/incidents/acme-2024-03-05.md"
TYPED = {
    "11": ("# Acme, 5 March 2024: the", "# Acme, 5 March 2024: 11 seconds of"),
    "12": ("`acme/outage:outage` passed", "`12 hours <acme/outage:outage>` passed"),
    "13": ("\n```{atlas-diagram}", "\n[13 users](https://a.example/x)\n\n```{atlas-diagram}"),
    "14": ("\n```{atlas-diagram}", "\n![14 users](x.svg)\n\n```{atlas-diagram}"),
    "15": ("\n```{atlas-diagram}", "\n15 users\n: lost\n\n```{atlas-diagram}"),
    "16": ("\n```{atlas-diagram}", "\n| 16 users |\n|---|\n| lost |\n\n```{atlas-diagram}"),
    "45": ("\n```{atlas-diagram}", "\n<p><b>45</b>\nmillion users</p>\n\n```{atlas-diagram}"),
    "46": ("\n```{atlas-diagram}", "\nIt took <b>46</b> hours.\n\n```{atlas-diagram}"),
    "47": ("\n```{atlas-diagram}", "\nThe limit\\\n47 users were lost.\n\n```{atlas-diagram}"),
    "48": ("\n```{atlas-diagram}", "\nThe limit<br>48 users were lost.\n\n```{atlas-diagram}"),
    "49": ("\n```{atlas-diagram}", "\n```{toctree}\n:caption: 49 boards\n/boards\n```\n\n```{atlas-diagram}"),
    "50": ("\n```{atlas-diagram}", "\n```{toctree}\n50 boards </boards>\n```\n\n```{atlas-diagram}"),
    "17": (":title: Orders", ":title: 17 orders"),
    "18": (":symptoms: orders", ":symptoms: 18 orders"),
    "19": (":caption: The", ":caption: 19 see the"),
    "20": (":alt: Orders", ":alt: 20 orders"),
    "500,000": (": All orders.", ": 500,000 users were cut off.\n  - or so"),
    "$3": ("names no lost order", "names no lost order, but $3 M"),
    "22": (": not applicable: nothing", ": not applicable: within 22 s nothing"),
}
FREE = """
## 2. Next steps

<p style="margin: 18px">So <!-- 18 users --> it is.</p>

See <https://a.example/2024/18-users>, `18 users`, {math}`18 x`, {doc}`/boards` and a note.[^1]

```text
18 users
```

[^1]: Below.
"""


def test_a_typed_figure_is_found_wherever_it_stands(lawful: Project) -> None:
    lawful.write("source/incidents/x.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    for old, new in TYPED.values():
        lawful.change(PAGE, old, new)
    built = lawful.build()
    found = re.findall(rf"^{PAGE}:\d+: WARNING: FACT0(03|11): typed \w+ '([^']+)'", built.log, re.M)
    assert sorted(word for _, word in found) == sorted(TYPED), built.log
    assert {word for rule, word in found if rule == "03"} == {"17", "18", "19", "20"}
    assert len(built.findings) == len(TYPED)


def test_what_is_no_figure_of_ours_stays_free(lawful: Project) -> None:
    lawful.change(PAGE, "\n```{atlas-diagram}", f"{FREE}\n```{{atlas-diagram}}")
    lawful.change(PAGE, ": All orders.", ": All orders, `18 users`, HTTP 503, step 2, since 5 March 2024.")
    lawful.change(PAGE, ":symptoms: orders", ":symptoms: 504 Gateway Time-out; orders")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log


def test_no_disguise_hides_a_figure(lawful: Project) -> None:
    """Tooltips, explanations, attributes, words, and what stands glued to a reference."""
    said = (
        '[a](https://a.example/x "21 users") {abbr}`QPS (23 queries)` <b title="24 rows">x</b> '
        "−{atlas:fact}`acme/outage:outage` twenty-five users"
    )
    lawful.change(PAGE, "\n```{atlas-diagram}", f"\n{said}\n\n```{{atlas-diagram}}")
    built = lawful.build()
    found = re.findall(rf"^{PAGE}:\d+: WARNING: FACT011: typed (?:number )?'([^']+)'", built.log, re.M)
    assert sorted(found) == ["21", "23", "24", "twenty-five", "−"], built.log
