"""Commands on paper: what is typed from there is what its author wrote."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

PAGE = "source/incidents/acme-2024-03-05.md"
COMMAND = (
    "$ kubectl set resources deployment order-api-for-the-european-region"
    " --limits=memory=2Gi --requests=memory=1Gi --dry-run=server -o yaml"
)
INLINE = "queuectl workers add --limits=memory=2Gi --drain-timeout=30 --no-wait --dry-run"
PATH = "/srv/releases/2024-03-05/order-api/config/production-eu.yaml"
TABLE = f"""
```{{list-table}}
* - one
  - two
  - `{PATH}`
* - three
  - four
  - ```text
    {PATH}
    ```
```
"""


@pytest.fixture
def page(lawful):
    def bind(text: str):
        old = (lawful.path / PAGE).read_text(encoding="utf-8")
        lawful.write(PAGE, f"{old}\n\n## Typed\n\n{text}\n")
        bound = lawful.bind()
        assert set(re.findall(r"\[atlas\.(\w+)\]", bound.log)) <= {"COMMAND006"}, (
            bound.log
        )  # a session may stand on pages without a drawing
        assert "not PDF/UA-1" not in bound.log
        return bound.volume("category-incidents")

    return bind


def signs(volume, start: str) -> tuple[bool, bool]:
    """Whether an arrow, and a crossed-out blank, are drawn ahead of the last row that begins so."""
    word = [w for w in volume.words() if w.text.startswith(start)][-1]
    top, bottom = word.bottom - 8, word.bottom - 1
    arrow = volume.has_ink(word.page, word.left - 5.9, top, word.left - 1.8, bottom)
    return arrow, volume.has_ink(word.page, word.left - 13, top, word.left - 8.4, bottom)


def test_a_long_command_is_folded_at_blanks_and_says_so(page):
    volume = page(f"```console\n{COMMAND}\n```")
    rows = volume.rows(below="Typed")
    first = next(i for i, row in enumerate(rows) if "kubectl set" in row)
    assert f"{rows[first]} {rows[first + 1]}" == COMMAND
    assert signs(volume, rows[first + 1].split()[0]) == (True, False)
    assert not signs(volume, "$")[0]


def test_a_word_wider_than_the_page_is_folded_without_a_blank(page):
    volume = page(f"```console\n$ ls {PATH * 3}\n```")
    rows = volume.rows(below="Typed")
    first = next(i for i, row in enumerate(rows) if row.startswith("/srv"))
    assert signs(volume, rows[first + 1]) == (True, True)
    assert PATH * 3 in volume.tagged_text().replace(" ", "")


def test_a_command_that_fits_has_no_sign(page):
    volume = page("```console\n$ queuectl depth --all\n```")
    assert not signs(volume, "$")[0]


def test_a_sign_of_folding_is_no_part_of_the_text(page):
    volume = page(f"```console\n{COMMAND}\n$ ls {PATH * 3}\n```")
    assert COMMAND in volume.tagged_text()
    for text in (volume.plain_text(), volume.text):
        assert "↪" not in text
        assert "no blank" not in text
        assert COMMAND in " ".join(text.split())
        assert PATH * 3 in "".join(text.split())


# Three rows of code beside one of words, whose line is a little higher.
NARROW = """
```{list-table}
:widths: 1 1 8

* - ```console
    $ kubectl get pods --all-namespaces -o wide
    ```
  - other
  - words
```
"""
CROWDED = "```{{list-table}}\n* - {}\n```\n".format(
    "\n  - ".join(["```console\n    $ systemctl restart orders-api.service\n    ```"] * 6)
)


@pytest.mark.parametrize(("table", "most"), [(NARROW, 4), (CROWDED, 5)])
def test_code_in_a_narrow_cell_stays_in_it_and_in_few_rows(page, table, most):
    volume = page(table)
    [number] = {w.page for w in volume.words() if w.text == "$"} & {
        w.page for w in volume.words() if w.text == "Typed"
    }
    words = [w for w in volume.words() if w.page == number]
    start = next(w for w in words if w.text == "Typed").bottom
    below = [w.bottom for w in words if w.text == "Evidence" and w.bottom > start]
    shown = [w for w in words if start + 2 < w.bottom < min([780, *below]) - 2]
    assert len({round(w.bottom) for w in shown}) <= most
    for one, other in combinations(shown, 2):
        assert abs(one.bottom - other.bottom) > 4 or one.right <= other.left or other.right <= one.left


FLAG = "--namespace=production-eu-west-1"


def test_inline_code_in_a_cell_is_parted_only_where_the_cell_cannot_hold_it(page):
    def table(columns: int) -> str:
        return f"```{{list-table}}\n* - `{FLAG}`\n" + "  - words\n" * (columns - 1) + "```\n"

    assert any(row.startswith(FLAG) for row in page(table(3)).rows(below="Typed"))
    rows = page(table(4)).rows(below="Typed")
    words = " ".join(rows).split()
    assert {"--namespace=", "production-eu-west-1"} <= {*words}


def test_inline_code_breaks_at_blanks_alone(page):
    rows = page(
        "\n\n".join(f"{'x' * shift} Words ahead of the code: `{INLINE}`." for shift in range(0, 60, 6))
    ).rows(below="Typed")
    assert "\n".join(rows).count("\n") > 0
    assert " ".join(rows).count(INLINE) == 10


def test_code_in_a_table_ends_inside_its_cell(page):
    volume = page(TABLE)
    words = [w for w in volume.words() if len(w.text) > 4 and w.text in PATH]
    assert len(words) > 4
    assert max(w.right for w in words) <= 595 - 36 - 4


def test_no_word_ends_beyond_the_margin(page):
    volume = page(f"```console\n{COMMAND}\n```\n{TABLE}\n`{PATH * 3}`\n\n```text\n{PATH * 3}\n```")
    assert max(w.right for w in volume.words()) <= 595 - 36 + 0.5
