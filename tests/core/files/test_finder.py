"""The finder: what of a pasted text counts, which page answers first, and when none does."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from atlas.files import findable, finder, pasted
from atlas.files.export import atlas_json

FILL = [f"{a}{b}" for a in "bcdfghjklm" for b in ("amonu", "elipso", "orvane")]


def entry(id: str, **more: Any) -> dict[str, Any]:
    bare: dict[str, Any] = {"errors": [], "alerts": [], "symptoms": [], "names": [], "labels": [], "code": []}
    return bare | {"facts": [], "where": "x", "gate": "", "id": id, "title": "", "guide": False} | more


def find(entries: list[dict[str, Any]], text: str, limit: int = 8) -> list[finder.Hit]:
    """Among thirty other pages, since what one page alone says is telling."""
    others = [entry(f"other{word}", title=word, labels=["shared"]) for word in FILL]
    return finder.search(findable.compile_index([*entries, *others]), text, limit)


def first(entries: list[dict[str, Any]], text: str) -> tuple[str, str]:
    hits = find(entries, text)
    return (hits[0].id, hits[0].answer) if hits else ("", "nothing")


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-05-02T03:12:44.120Z READONLY You can't write", "readonly you can t write"),
        ("May 12 03:12:44 host kernel: OOM", "host kernel oom"),
        ("10.0.0.1:6379 refused by 0xdeadbeef", "refused by"),
        ("4f5a9c2e-1111-2222-3333-444455556666 deadbeef1 gone", "gone"),
        ("open /var/log/app.log:12 failed", "open failed"),
        ("HTTP 503 after 12 of 1234567", "http 503 after of"),
        ("\x1b[1;31mnf_conntrack\x1b[0m full \\u001b[0mnow", "nfconntrack full now"),
        ("total-vm:24159192kB after 12.5ms", "total vm kb after ms"),
        ("disk%20full%3A%2520now %zz", "disk full now zz"),
        ("disk\\nfull &quot;now&quot; <b>here</b>", "disk full now here"),
        ("系统报conntrack满", "系统报 conntrack 满"),
        ("ＤＩＳＫ\u00a0fu\u200bll", "disk full"),
        ("worker17 layer7 HY000 sha256", "worker layer hy000 sha256"),
        ("MySQL TooManyOpenFiles", "mysql toomanyopenfiles"),
        ("write: ENOSPC", "write enospc no space left on device"),
        ("", ""),
    ],
)
def test_what_of_a_text_tells_something(text, words):
    assert pasted.normalise(text) == words


def test_lines_that_differ_by_counters_alone_are_one():
    assert len(pasted.lines("beat 1 of worker1\nbeat 2 of worker2\nelse")) == 2


@pytest.mark.parametrize(
    ("word", "one"),
    [("replicas", "replica"), ("status", "status"), ("class", "class"), ("axis", "axis"), ("yes", "yes")],
)
def test_plurals_are_looked_up_as_one(word, one):
    assert pasted.singular(word) == one


# The index ---------------------------------------------------------------------------------------


def test_an_atlas_becomes_entries(atlas):
    found = {e["id"]: e for e in findable.entries(atlas_json(atlas))}
    assert found.keys() == atlas.diagrams.keys()
    guide = found["debugging/queue-full"]
    assert (guide["guide"], guide["gate"], guide["where"]) == (True, "3am", "Debugging guides")
    assert found["incidents/acme"]["names"][0] == "Acme"
    assert any("Order API" in label for label in found["incidents/acme"]["labels"])
    assert found["strays/one"]["gate"] == ""


def test_the_index_is_plain_data(atlas):
    index = finder.index(atlas_json(atlas))
    kept = json.loads(json.dumps(index))
    text = "app[1]: ERR full at 03:12"
    assert finder.search(kept, text) == finder.search(index, text) != []


def test_general_words_tell_less_than_rare_ones():
    index = findable.compile_index([entry("a", errors=["the timeout of shard flumox"]), entry("b")])
    [[_, _, tells, own, *parts]] = index["entries"][0]["keys"]
    assert (own, parts) == (True, ["the timeout of shard flumox"])
    assert tells == 0.5 + 0.75 + 0.5 + 1.5 + 6
    assert {"the", "timeout"}.isdisjoint(index["terms"])
    assert index["terms"]["shard"][0] == 1


def test_numbers_and_two_letters_tell_little():
    terms = findable.compile_index([entry("a", errors=["flumox 1290 qx hy77"]), entry("b")])["terms"]
    assert (terms["flumox"][0], terms["1290"][0], terms["hy77"][0]) == (6, 2.5, 2.5)
    assert "qx" not in terms


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("node … has no flumox", ["node", "has no flumox"]),
        ("ERROR 1290 (HY000): the flumox is too full", ["the flumox is too full"]),
        ("ERROR: flumox", ["error flumox"]),
        ("…", []),
    ],
)
def test_what_of_a_key_is_compared(text, parts):
    keys = findable.compile_index([entry("a", errors=[text])])["entries"][0]["keys"]
    assert [key[4:] for key in keys[:1]] == ([parts] if parts else [])


def test_a_name_in_an_error_is_a_key_where_a_word_of_its_own_is_in_it():
    texts = ["got ENHANCE_YOUR_CALM and TOO_MANY_FILES", "got ENHANCE_YOUR_CALM again"]
    [indexed] = findable.compile_index([entry("a", errors=texts)])["entries"]
    assert [key[1] for key in indexed["keys"]] == texts
    assert [(name[1], name[3]) for name in indexed["named"]] == [("ENHANCE_YOUR_CALM", "enhanceyourcalm")]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("SHOW VARIABLES LIKE 'super_flumox_only'", [("a", "it")]),
        ("superFlumoxOnly is ON", [("a", "it")]),
        ("SET GLOBAL super-flumox-only=1; near '-flumox-only=1'", []),
        ("SET GLOBAL super flumox only", []),
    ],
)
def test_a_name_answers_where_it_is_written_as_one_word(text, answers):
    found = find([entry("a", symptoms=["Setting super_flumox_only=ON"], guide=True), entry("b")], text)
    assert [(hit.id, hit.answer) for hit in found if hit.answer == "it"] == answers


# This is it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id", "kind"),
    [
        ("ERR full", "debugging/queue-full", "error string"),
        ("FIRING QueueDepthHigh prod", "incidents/acme", "alert"),
        ("our orders time out today", "incidents/acme", "symptom"),
    ],
)
def test_the_page_that_answers_comes_first_and_says_why(atlas, text, id, kind):
    [hit, *_] = finder.search(finder.index(atlas_json(atlas)), text)
    assert (hit.id, hit.kind, hit.answer) == (id, kind, "it")


def test_an_error_string_comes_before_an_alert_before_a_symptom():
    key = "flumox quota of the shard exceeded"
    entries = [
        entry("symptom", symptoms=[key]),
        entry("alert", alerts=[key.title()]),
        entry("error", errors=[key]),
    ]
    assert [hit.id for hit in find(entries, f"now: {key}")] == ["error", "alert", "symptom"]
    assert len(find(entries, f"now: {key}", limit=2)) == 2


def test_a_guide_comes_before_an_incident_with_the_same_key():
    entries = [entry("a", errors=["flumox is full"]), entry("b", errors=["flumox is full"], guide=True)]
    assert [hit.id for hit in find(entries, "ERR flumox is full")] == ["b", "a"]


def test_the_key_that_tells_more_comes_before_a_guide_with_a_lesser_one():
    entries = [
        entry("guide", errors=["flumox is full"], guide=True),
        entry("other", errors=["flumox is full of greptide varnum"]),
    ]
    assert first(entries, "flumox is full of greptide varnum") == ("other", "it")


def test_of_several_keys_of_a_page_the_one_that_tells_most_is_the_reason():
    keys = ["a flumox of varnum is full", "b flumox of varnum"]
    for order in (keys, keys[::-1]):
        [hit] = find([entry("a", errors=order)], "a flumox of varnum is full, b flumox of varnum")
        assert hit.matched == keys[0]


def test_of_several_pages_with_one_key_the_other_words_decide():
    key = "no space left on device"
    entries = [entry("a", errors=[key], names=["Varnum"]), entry("b", errors=[key], names=["Greptide"])]
    texts = {"a": f"varnum: {key}", "b": f"greptide: {key}"}
    assert {id: find(entries, text)[0].id for id, text in texts.items()} == {"a": "a", "b": "b"}


@pytest.mark.parametrize(("guide", "answer"), [(True, "it"), (False, "perhaps")])
def test_a_key_of_general_words_is_sure_on_a_guide_alone(guide, answer):
    entries = [entry("a", errors=["no space left on device"], guide=guide)]
    assert first(entries, "greptide[7]: write /data: no space left on device, giving up") == ("a", answer)


@pytest.mark.parametrize("key", ["connection failure", "503 Service Unavailable", "request timed out"])
def test_a_key_that_tells_little_is_sure_only_where_it_is_all_that_was_asked(key):
    entries = [entry("a", errors=[key], guide=True)]
    assert first(entries, key) == ("a", "it")
    assert first(entries, f"greptide varnum blarkon: {key} of mondrel") == ("", "nothing")


def test_a_short_key_hides_nothing():
    entries = [entry("a", errors=["connection failure"]), entry("b", names=["Varnum"])]
    assert [hit.id for hit in find(entries, "varnum connection failure")] == ["b", "a"]


def test_the_name_of_an_alert_is_enough_and_its_own_case_comes_first():
    entries = [entry("a", alerts=["BoxDown"]), entry("b", alerts=["boxDown"], title="z")]
    assert [hit.id for hit in find(entries, "FIRING boxDown x")] == ["b", "a"]
    assert first(entries, "the xboxdowny") == ("", "nothing")


@pytest.mark.parametrize(
    "text",
    [
        "ERROR [x] etcdserver: mvcc: database space exceeded",
        "ETCDSERVER: MVCC: DATABASE SPACE EXCEEDED",
        "etcdserver_mvcc_database_space_exceeded",
        "EtcdserverMvccDatabaseSpaceExceeded",
        "etcdserver:mvcc:databasespaceexceeded(id=7)",
        "> etcdserver: mvcc: databa\r\n> se space exceeded",
        "https://k.example/q?m=etcdserver%3A+mvcc%3A+database+space+exceeded",
        "etcdserver%253A%2520mvcc%253A%2520database%2520space%2520exceeded",
        "etcdserver: mvcc: databsae space exceeded",
        "etcdserver: mvcc: database space exc",
        "erver: mvcc: database space exceeded",
    ],
)
def test_copies_of_one_error_find_its_page(text):
    key = "etcdserver: mvcc: database space exceeded"
    assert first([entry("a", errors=[key]), entry("b", labels=["mvcc"])], text) == ("a", "it")


def test_an_ellipsis_stands_for_anything_near():
    entries = [entry("a", errors=["flumox … of … varnum has no space"])]
    assert first(entries, "flumox 7f of node db-seven: varnum has no space")[1] == "it"
    far = f"flumox. {'lorem ipsum dolor ' * 50} of varnum has no space"
    assert find(entries, f"{far} flumox and of varnum has no space")[0].kind == "error string"
    assert first([entry("a", errors=["flumox … varnum"])], f"flumox {'lorem ' * 200} varnum")[1] != "it"


def test_a_short_part_stands_as_a_word():
    entries = [entry("a", errors=["flumox … oom"])]
    assert first(entries, "flumox of zoom and oom")[1] == "it"
    assert first(entries, "flumox of zoomed rooms")[1] == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "MISCONF Greptide is set to save RDB snapshots, but is currently not able to persist on disk",
        "MISCONF Greptide is set to save RDB",
        "ptide is set to save RDB snapshots, but it's currently unable to persist to disk. So",
    ],
)
def test_the_greater_part_of_a_key_in_order_is_like_it(text):
    key = "MISCONF Greptide is set to save RDB snapshots, but it's currently unable to persist to disk"
    [hit] = find([entry("a", errors=[key])], text)
    assert (hit.answer, hit.kind, hit.matched) == ("it", "like error string", key)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "upstream timed out (…: …) while reading greptide header from upstream, client: …, server: …",
            "varnum prematurely closed it while reading greptide header from upstream, client: x, server: y",
        ),
        ("etcdserver: request timed out", "payment: request timed out after 30s"),
        ("exit code 137", "exit code 1"),
        ("flumox greptide varnum torvald blarkon mondrel kelpin", "flumox greptide varnum of it all"),
        ("a broken clock of gold", "a broken tooth of gold"),
        ("flumox of greptide and varnum", "varnum and greptide of flumox, blarkon of mondrel"),
    ],
)
def test_a_key_whose_telling_words_are_missing_is_not_like(key, text):
    assert first([entry("a", errors=[key])], text)[1] != "it"


def test_half_a_key_is_perhaps():
    key = "greptide torvald slots are reserved for roles with the varnum attribute"
    entries = [entry("a", errors=[key])]
    [hit] = find(
        entries, "greptide torvald slots are reserved for blarkon mondrel users and their kin, sorry"
    )
    assert (hit.answer, hit.kind) == ("perhaps", "like error string")


# Perhaps, and nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 03:12:44",
        "zyzzyva",
        "cannot turn over, off, not yet",
        "connection error code id t mb",
        "shared",
    ],
)
def test_nothing_answers_a_text_that_tells_nothing(text):
    assert (
        first([entry("a", errors=["connection code over id"]), entry("b", labels=["t mb off"])], text)[0]
        == ""
    )


def test_an_empty_atlas_answers_nothing():
    assert finder.search(findable.compile_index([]), "queue full") == []


def test_words_of_a_page_are_perhaps_its_own():
    entries = [entry("a", labels=["greptide varnum"], symptoms=["when blarkon sits there"], gate="3am")]
    [hit] = find(entries, "ERR(7): blarkon of greptide, varnum!")
    assert (hit.answer, hit.kind, hit.matched, hit.gate) == (
        "perhaps",
        "words",
        "blarkon, greptide, varnum",
        "3am",
    )
    [shown] = find([entry("a", labels=["greptide varnum blarkon"], gate="3am")], "greptide: varnum, blarkon")
    assert shown.gate == ""


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("varnum", "perhaps"),
        ("varnum is slow", "perhaps"),
        ("ERROR(7): varnum: torvald of the blarkon", "nothing"),
        ("ERROR(7): varnum!", "nothing"),
        ("ERROR(7): GREPTIDE_MONDREL_SLAP", "perhaps"),
    ],
)
def test_the_name_of_a_product_answers_who_types_and_not_who_pastes(text, answer):
    entries = [entry("a", names=["Varnum"], code=["GREPTIDE_MONDREL_SLAP"])]
    assert first(entries, text)[1] == answer


def test_common_words_answer_only_where_they_are_all_that_was_typed():
    entries = [entry("a", symptoms=["the disk is quite full"])]
    assert first(entries, "disk full") == ("a", "perhaps")
    assert first(entries, "ERR(7): The disk t is full!") == ("", "nothing")


def test_at_most_three_are_perhaps_and_stand_behind_what_is_sure():
    entries = [
        entry("sure", errors=["greptide varnum exceeded"]),
        *(entry(f"{n}", symptoms=["what mondrel", "what blarkon", "what greptide"]) for n in range(5)),
    ]
    hits = find(entries, "greptide varnum exceeded: mondrel of blarkon")
    assert [hit.answer for hit in hits] == ["it", "perhaps", "perhaps", "perhaps"]
    assert finder.answer(hits) == "it"
    assert finder.answer(hits[1:]) == "perhaps"
    assert finder.answer([]) == "nothing"


def test_a_line_is_judged_apart_from_the_lines_around_it():
    entries = [entry("a", symptoms=["no greptide at all"], labels=["varnum blarkon"])]
    noise = "\n".join(
        f"{word}xq was here with many others of the kind in a row, every single day" for word in FILL
    )
    said = "greptide and varnum have been with the blarkon of this one, as of the log of it all"
    assert first(entries, f"{noise}\n{said}\n{noise}") == ("a", "perhaps")


@pytest.mark.parametrize(
    ("slip", "known"),
    [
        ("tabelo", "tableo"),
        ("grepide", "greptide"),
        ("greptiide", "greptide"),
        ("grpetide", "greptide"),
        ("grept", "greptide"),
    ],
)
def test_a_letter_too_many_too_few_or_swapped_is_a_slip_and_the_last_word_may_be_unfinished(slip, known):
    assert (
        first([entry("a", names=[f"{known}"], errors=[f"{known} flumox varnum"])], f"varnum {slip}")[0] == "a"
    )


@pytest.mark.parametrize(
    ("sound", "known"),
    [
        ("duplicate", "replicate"),
        ("syscall", "sysctl"),
        ("printer", "linter"),
        ("printer", "prints"),
        ("white", "while"),
        ("white", "write"),
        ("grepta", "varnum"),
        ("mainly", "minly"),
    ],
)
def test_a_sound_word_is_no_slip_of_another(sound, known):
    assert find([entry("a", names=[f"{known}x" if known == "minly" else known])], sound) == []


def test_ties_go_by_title():
    entries = [
        entry("x", title="beta", errors=["flumox here"]),
        entry("y", title="Alpha", errors=["flumox here"]),
    ]
    assert [hit.id for hit in find(entries, "flumox here")] == ["y", "x"]


# Long texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["FATAL: {}", "{}", "sent late late {}"])
def test_of_a_long_log_no_line_is_lost(last):
    entries = [
        entry("a", errors=["disk of flumox … is full"]),
        entry("b", labels=["warn slow request worker"]),
    ]
    noise = [f"WARN slow request of worker{a}{b} {'late ' * 20}" for a in FILL for b in FILL]
    line = last.format("disk of flumox seven is full")
    assert first(entries, "\n".join([*noise, line, *noise])) == ("a", "it")


@pytest.mark.slow
def test_a_long_trace_costs_no_more_than_its_share_of_the_diagrams(crowd):
    trace = "\n".join(f"\tat com.example.Class{n}.method(Class{n}.java:{n}) ERR {n} full" for n in range(300))
    few, many = (finder.Finder(finder.index(atlas_json(crowd(count)))) for count in (200, 800))
    assert seconds(many, trace) < 8 * seconds(few, trace)


def seconds(found: finder.Finder, text: str) -> float:
    """The least CPU seconds of three searches that answer."""

    def once() -> float:
        begun = process_time()
        assert found.search(text)
        return process_time() - begun

    return min(once() for _ in range(3))


# The cases ---------------------------------------------------------------------------------------


def test_every_case_names_a_page_or_none():
    folder = Path(__file__).parents[2] / "cases"
    for name in ("finder.toml", "finder-fresh.toml"):
        cases = tomllib.loads((folder / name).read_text(encoding="utf-8"))["case"]
        texts = [case.get("text", case.get("line")) for case in cases]
        assert len(set(texts)) == len(texts) > 60
        wanted = {case.get("want", case.get("expected")) for case in cases}
        pages = Path(__file__).parents[3] / "source"
        assert {w for w in wanted - {"", "none"} if not (pages / f"{w}.md").is_file()} == set()
