"""Commands on paper: what is typed from there is what its author wrote."""

from __future__ import annotations

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
        assert bound.code == 0, bound.log
        assert "not PDF/UA-1" not in bound.log
        return bound.volume("category-incidents")

    return bind


def test_a_long_command_is_folded_at_blanks_and_says_so(page):
    rows = page(f"```console\n{COMMAND}\n```").rows(below="Typed")
    first = next(i for i, row in enumerate(rows) if "kubectl set" in row)
    assert rows[first + 1].startswith("↪ ")
    folded = [rows[first], rows[first + 1].removeprefix("↪")]
    assert " ".join(" ".join(folded).split()) == COMMAND


def test_a_word_wider_than_the_page_is_folded_without_a_blank(page):
    volume = page(f"```console\n$ ls {PATH * 3}\n```")
    assert sum("no blank ↪" in row for row in volume.rows(below="Typed")) == 1
    assert PATH * 3 in volume.tagged_text().replace(" ", "")


def test_a_command_that_fits_has_no_sign(page):
    assert not any("↪" in row for row in page("```console\n$ queuectl depth --all\n```").rows(below="Typed"))


def test_a_sign_of_folding_is_no_part_of_the_text(page):
    volume = page(f"```console\n{COMMAND}\n```")
    assert any("↪" in row for row in volume.rows(below="Typed"))
    assert COMMAND in volume.tagged_text()


def test_inline_code_breaks_at_blanks_alone(page):
    rows = page(
        "\n\n".join(f"{'x' * shift} Words ahead of the code: `{INLINE}`." for shift in range(0, 60, 6))
    ).rows(below="Typed")
    assert "\n".join(rows).count("\n") > 0
    assert " ".join(rows).count(INLINE) == 10


def test_code_in_a_table_ends_inside_its_cell(page):
    volume = page(TABLE)
    words = [w for w in volume.words() if len(w.text) > 4 and w.text.strip("↪") in PATH]
    assert len(words) > 4
    assert max(w.right for w in words) <= 595 - 36 - 4


def test_no_word_ends_beyond_the_margin(page):
    volume = page(f"```console\n{COMMAND}\n```\n{TABLE}\n`{PATH * 3}`\n\n```text\n{PATH * 3}\n```")
    assert max(w.right for w in volume.words()) <= 595 - 36 + 0.5
