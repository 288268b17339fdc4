"""The binder, read back: what stands in it, where its links lead, and when it is set again."""

from __future__ import annotations

import re
import subprocess

import pytest

VOLUMES = {"atlas", "3am", "category-incidents", "category-debugging", "system-acme"}


def test_it_builds_without_a_warning(bound):
    assert bound.code == 0, bound.log
    assert {path.stem for path in bound.out.glob("*.pdf")} == VOLUMES
    assert set(bound.set) == VOLUMES


@pytest.mark.parametrize("name", sorted(VOLUMES))
def test_it_says_what_it_is(bound, name):
    pdf = bound.volume(name).pdf
    assert pdf.metadata is not None
    assert "Lawful" in pdf.metadata["/Title"]
    assert "incident response" in pdf.metadata["/Keywords"]
    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1<" in catalog["/Metadata"].get_object().get_data()


def test_the_cover_counts(bound):
    cover = bound.volume("atlas").pages[0]
    for words in ("2 on 2 pages", "0 of 2 (0 %)", "2024-04-10", "SHA-256", "Lawful"):
        assert words in cover


@pytest.mark.parametrize(
    "words",
    [
        "Order API",
        "Order queue",
        "1.2 M orders waiting",
        "On-call engineer",
        "adds workers",
        "queue full",
        "ERR queue is full",
        "Run first",
        "Changes on queued ≥ 1.0 queuectl workers add 2 It prints: added 2",
        "Destroys on queued ≥ 1.0 Loses: every job that waits. Look first: depth",
        "2024-03-05 09:00 UTC",
        "all clear",
        "the report names no lost order",
        "3 AM gate",
        "What breaks, how far, and how do we get back?",
        "passed, 5 of 5",
    ],
)
def test_what_the_page_says_is_in_the_text(bound, words):
    page = (bound.out.parent / "source/_data/sources/acme.toml").read_text(encoding="utf-8")
    backlog = re.search(r'backlog = \{ value = "([^"]+)"', page)
    assert backlog
    assert words.replace("1.2 M orders waiting", f"{backlog[1]} waiting") in bound.volume("3am").text


def test_a_page_of_old_sources_says_so_ahead_of_what_to_run(lawful):
    text = lawful.bind("-D", "atlas_today=2027-01-01").volume("category-debugging").text
    assert "The newest source of this page is of 2024-01-01" in text.partition("Run first")[0]


def test_every_fact_is_in_the_text_with_its_address(bound):
    volume = bound.volume("atlas")
    text = (bound.out.parent / "source/_data/sources/acme.toml").read_text(encoding="utf-8")
    values, urls = re.findall(r'value = "([^"]+)"', text), re.findall(r'^url *= "([^"]+)"', text, re.M)
    assert values
    assert all(value in volume.text for value in values)
    squeezed = volume.text.replace(" ", "")
    assert all(url in squeezed for url in urls)
    addresses = {target for _, target in volume.links() if isinstance(target, str)}
    assert any(address.startswith(f"{urls[0]}#:~:text=") for address in addresses)


def test_the_outline_leads_to_its_headings(bound):
    volume = bound.volume("atlas")
    outline = volume.outline()
    for title in ("How to use this binder", "Contents", "By symptom", "By exact error string"):
        assert title in outline
    pages = volume.pages
    assert all(" ".join(title.split()) in pages[page - 1] for title, page in outline.items())


def test_every_link_lands_on_the_page_that_is_printed(bound):
    volume = bound.volume("atlas")
    pages = volume.pages
    inner = [(page, target) for page, target in volume.links() if isinstance(target, int)]
    assert len(inner) > 20
    assert all(1 <= target <= len(pages) for _, target in inner)
    printed = [
        (number, int(found))
        for number, text in enumerate(pages, 1)
        for found in re.findall(r"(?:→|,) p\. (\d+)", text)
        if "How to use this binder" not in text[:60]
    ]
    assert printed
    assert set(printed) <= set(inner)


def test_the_contents_name_the_pages_of_the_outline(bound):
    volume = bound.volume("atlas")
    outline = volume.outline()
    contents = volume.pages[outline["Contents"] - 1]
    listed = [title for title in outline if re.search(rf"{re.escape(title)} \d+\b", contents)]
    assert {"Incident anatomies", "By symptom", "Indexes"} <= set(listed)
    assert all(f"{title} {outline[title]}" in contents for title in listed)


def test_pages_are_numbered_in_their_heads(bound):
    for number, text in enumerate(bound.volume("atlas").pages[1:], 2):
        assert re.match(rf".{{3,90}} ?{number}\b", text), text[:80]


def test_a_long_title_stands_in_heads_as_far_as_its_colon(lawful):
    lawful.change("source/debugging/queue-full.md", "# A full queue", f"# A full queue: {'and more ' * 12}")
    volume = lawful.bind().volume("category-debugging")
    heads = {volume.running_title(number) for number in range(2, len(volume.pages) + 1)}
    assert "Debugging guides · A full queue" in heads
    assert "A full queue: and more" in volume.text


def test_a_page_number_in_an_index_stands_behind_its_dots(lawful):
    symptoms = "; ".join(f"{'a symptom of some length, again and again ' * 2}{'x' * n}" for n in range(1, 30))
    lawful.change("source/incidents/acme-2024-03-05.md", "orders time out;", f"{symptoms}; orders time out;")
    rows = lawful.bind().volume("3am").rows(below="By symptom")
    assert not [row for row in rows[: rows.index("By exact error string")] if re.fullmatch(r"\d+", row)]


@pytest.mark.parametrize(
    ("index", "entry", "words"),
    [
        ("By symptom", "queue depth grows", "Acme, 5 March 2024"),  # symptoms stand in the index alone
        ("By exact error string", "ERR queue is full", "ERR queue is full"),
        ("By alert", "QueueDepthHigh", "Acme, 5 March 2024"),
        ("By system", "Acme", "Acme"),
    ],
)
def test_an_index_names_the_page(bound, index, entry, words):
    volume = bound.volume("3am")
    outline = volume.outline()
    page = volume.pages[outline[index] - 1]
    found = re.search(rf"{re.escape(entry)} ((?:\d+, )*\d+)", page)
    assert found, page
    for number in map(int, found[1].split(", ")):
        title = volume.running_title(number)
        of_the_entry = range(number, len(volume.pages) + 1)
        shown = [volume.pages[n - 1] for n in of_the_entry if volume.running_title(n) == title]
        assert any(words in text for text in shown)


def test_the_binder_for_3_am_begins_with_its_indexes(bound):
    outline = bound.volume("3am").outline()
    assert outline["Incident response index"] == outline["By symptom"] < outline["Incident anatomies"]


def test_a_volume_without_the_target_says_where_it_is(bound):
    assert "(in the atlas: debugging/queue-full)" in bound.volume("category-incidents").text


def test_the_site_s_address_is_printed_where_it_is_known(lawful):
    volume = lawful.bind("-D", "html_baseurl=https://atlas.example/").volume("category-incidents")
    assert "https://atlas.example/debugging/queue-full.html" in volume.text.replace(" ", "")


def test_a_system_may_have_a_slash_in_its_name(lawful):
    lawful.change("source/incidents/acme-2024-03-05.md", ":system: acme\n", ":system: acme/eu\n")
    bound = lawful.bind()
    assert "Traceback" not in bound.log
    assert (bound.out / "system-acme--eu.pdf").exists()


def test_rights_may_be_several(lawful):
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write("conf.py", f'{conf}\ncopyright = ["2024, A", "2025, B"]\n')
    assert "2024, A, 2025, B" in lawful.bind().volume("3am").pages[0]


def test_nothing_is_in_a_type_too_small_to_read(bound):
    assert min(bound.volume("3am").type_sizes()) >= 6


# Again and again ---------------------------------------------------------------------------------


def test_two_builds_give_the_same_bytes(lawful):
    first, second = lawful.bind(out="one"), lawful.bind("-j", "2", out="two")
    for path in sorted(first.out.glob("*.pdf")):
        assert path.read_bytes() == (second.out / path.name).read_bytes(), path.name


def test_the_day_comes_from_the_epoch(lawful):
    bound = lawful.bind("-D", "atlas_today=", env={"SOURCE_DATE_EPOCH": "1712750000"})
    pdf = bound.volume("3am").pdf
    assert pdf.metadata is not None
    assert pdf.metadata["/CreationDate"].startswith("D:20240410")


def test_an_unchanged_volume_is_not_set_again(lawful):
    first = lawful.bind()
    before = {p.name: p.stat().st_mtime_ns for p in first.out.glob("*.pdf")}
    assert lawful.bind().set == []
    assert {p.name: p.stat().st_mtime_ns for p in first.out.glob("*.pdf")} == before
    lawful.change("source/incidents/acme-2024-03-05.md", "Add workers.", "Add many workers.")
    assert set(lawful.bind().set) == VOLUMES - {"category-debugging"}


def test_a_volume_that_is_gone_is_taken_away(lawful):
    bound = lawful.bind()
    lawful.change("source/incidents/acme-2024-03-05.md", ":system: acme\n", "")
    assert (bound.out / "system-acme.pdf").exists()
    lawful.bind()
    assert not (bound.out / "system-acme.pdf").exists()


def test_a_lost_volume_is_set_again(lawful):
    bound = lawful.bind()
    (bound.out / "3am.pdf").unlink()
    assert lawful.bind().set == ["3am"]


def test_a_cover_names_the_commit_at_which_its_volume_was_set(lawful):
    def git(*words: str) -> str:
        command = ["git", "-C", str(lawful.path), "-c", "user.name=a", "-c", "user.email=a@a.example", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    lawful.write(".gitignore", "pdf*\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    first = git("rev-parse", "--short=12", "HEAD")
    bound = lawful.bind()
    assert f"Build {first} Date" in bound.volume("3am").pages[0]
    git("commit", "-qm", "two", "--allow-empty")
    assert lawful.bind().set == []
    lawful.change("source/incidents/acme-2024-03-05.md", "Add workers.", "Add many workers.")
    second = git("rev-parse", "--short=12", "HEAD")
    assert f"Build {second}, modified Date" in lawful.bind().volume("3am").pages[0]
    assert first in bound.volume("category-debugging").pages[0]
