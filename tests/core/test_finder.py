"""The finder: what of a pasted text counts, and which page answers first."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest

from atlas import finder
from atlas.export import atlas_json


def entry(id: str, **more: Any) -> dict[str, Any]:
    bare = {"errors": [], "alerts": [], "symptoms": [], "names": [], "labels": "", "where": "x", "gate": ""}
    return bare | {"id": id, "title": id, "guide": False} | more


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-05-02T03:12:44.120Z READONLY You can't write", "readonly you can t write"),
        ("May 12 03:12:44 host kernel: OOM", "host kernel oom"),
        ("10.0.0.1:6379 refused by 0xdeadbeef", "refused by"),
        ("4f5a9c2e-1111-2222-3333-444455556666 deadbeef1 gone", "gone"),
        ("open /var/log/app.log:12 failed", "open failed"),
        ("HTTP 503 after 12 of 1234567", "http 503 after of"),
        ("\x1b[1;31mnf_conntrack\x1b[0m full \\u001b[0mnow", "nf_conntrack full now"),
        ("total-vm:24159192kB after 12.5ms", "total vm kb after ms"),
        ("", ""),
    ],
)
def test_what_of_a_text_tells_something(text, words):
    assert finder.normalise(text) == words


def test_an_atlas_becomes_entries(atlas):
    found = {e["id"]: e for e in finder.index(atlas_json(atlas))}
    assert found.keys() == atlas.diagrams.keys()
    guide = found["debugging/queue-full"]
    assert (guide["guide"], guide["gate"], guide["where"]) == (True, "3am", "Debugging guides")
    assert found["incidents/acme"]["names"][0] == "Acme"
    assert "Order API" in found["incidents/acme"]["labels"]
    assert found["strays/one"]["gate"] == ""


@pytest.mark.parametrize(
    ("text", "id", "kind"),
    [
        ("app[1]: ERR full at 03:12", "debugging/queue-full", "error string"),
        ("FIRING QueueDepthHigh prod", "incidents/acme", "alert"),
        ("our orders time out today", "incidents/acme", "symptom"),
        ("kafka postgresql balancer", "debugging/queue-full", "words"),
    ],
)
def test_the_page_that_answers_comes_first_and_says_why(atlas, text, id, kind):
    [first, *_] = finder.search(finder.index(atlas_json(atlas)), text)
    assert (first.id, first.kind) == (id, kind)


@pytest.mark.parametrize("text", ["", "12 03:12:44", "zyzzyva"])
def test_nothing_answers_a_text_that_tells_nothing(atlas, text):
    assert finder.search(finder.index(atlas_json(atlas)), text) == []


def test_an_empty_atlas_answers_nothing():
    assert finder.search([], "queue full") == []


def test_an_error_string_comes_before_an_alert_before_a_symptom_before_words():
    index = [
        entry("words", labels="disk is quite full"),
        entry("symptom", symptoms=["disk is quite full"]),
        entry("alert", alerts=["disk is quite full"]),
        entry("error", errors=["disk is quite full"]),
    ]
    assert [hit.id for hit in finder.search(index, "disk is quite full")] == [
        "error",
        "alert",
        "symptom",
        "words",
    ]
    assert len(finder.search(index, "disk is quite full", limit=2)) == 2


def test_a_guide_comes_before_an_incident_with_the_same_words():
    index = [entry("a", errors=["disk full now"]), entry("b", errors=["disk full now"], guide=True)]
    assert [hit.id for hit in finder.search(index, "disk full now")] == ["b", "a"]


def test_an_ellipsis_stands_for_anything():
    index = [
        entry("a", errors=["node … has no space"]),
        entry("b", errors=["node left"]),
        entry("c", errors=["…"]),
    ]
    [first] = finder.search(index, "node db-seven has no space")[:1]
    assert (first.id, first.matched) == ("a", "node … has no space")
    assert first.score > 3000


@pytest.mark.parametrize(
    "text",
    [
        "the write ahead log of this server",
        "someone says the write ahead log of this server broke",
        "write ahead log",
    ],
)
def test_most_of_a_key_is_like_it_and_counts_less_than_a_whole_key_of_any_kind(text):
    key = "the write ahead log of this server is full"
    index = [
        entry("like", errors=[key], guide=True),
        entry("whole", symptoms=["write ahead log"]),
        *(entry(str(n), labels="the of this server is full") for n in range(9)),
    ]
    whole, like = finder.search(index, text)[:2]
    assert (whole.id, whole.kind) == ("whole", "symptom")
    assert (like.id, like.kind, like.matched) == ("like", "like error string", key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("payment: request timed out after 30s", "etcdserver: request timed out"),
        ("exit code 1", "exit code 137"),
        ("a broken tooth of gold", "a broken clock of gold"),
    ],
)
def test_a_key_whose_rarest_word_is_missing_is_no_reason(text, key):
    words = ["request timed out", "exit code", "broken of gold", "a of"]
    index = [entry("a", errors=[key]), *(entry(str(n), labels=words[n % 4]) for n in range(16))]
    assert {hit.kind for hit in finder.search(index, text)} <= {"words"}


def test_one_word_among_many_tells_little_unless_it_names_an_alert():
    index = [entry("a", errors=["timeout"]), entry("b", alerts=["DiskFull"])]
    timeout, disk = (finder.search(index, text)[0] for text in ("a timeout again", "a DiskFull again"))
    assert timeout.score < 1000 < disk.score


def test_a_short_key_in_a_longer_text_hides_nothing():
    index = [
        entry("a", errors=["connection failure"], labels="envoy"),
        entry("b", alerts=["RedisDown"], names=["redis"]),
        *(entry(str(n)) for n in range(9)),
    ]
    [short, other] = finder.search(index, "redis connection failure")
    assert (short.kind, other.matched) == ("error string", "redis")
    assert short.score < 1000
    assert finder.search(index, "connection failure")[0].score > 3000


@pytest.mark.parametrize("text", ["TooManyOpenFiles", "too_many_open_files", "open() failed: EMFILE"])
def test_words_written_in_one_and_codes_are_understood(text):
    index = [entry("a", errors=["Too many open files"]), entry("b", errors=["open … refused"])]
    first = finder.search(index, text)[0]
    assert (first.id, first.kind) == ("a", "error string")


def test_parts_of_a_word_written_in_one_find_loosely():
    index = [entry("a", labels="NotEnoughReplicasException"), entry("b"), entry("c"), entry("d")]
    assert finder.search(index, "replicas")[0].matched == "replicas"
    assert finder.search(index, "TooFewReplicas")[0].id == "a"


def test_what_shares_only_common_words_is_left_out_unless_there_are_no_others():
    index = [entry("a", labels="disk full"), entry("b", labels="full"), entry("c", labels="full"), entry("d")]
    assert [hit.id for hit in finder.search(index, "disk full")] == ["a"]
    assert [hit.matched for hit in finder.search(index, "full")] == ["full"] * 3


def test_of_a_long_text_each_line_that_looks_like_an_error_is_read_once():
    index = [entry("a", errors=["disk of the shard is full"]), entry("b", labels="heartbeat")]
    beats = [f"12:00:{n % 60:02} heartbeat {n} of node{n}" for n in range(9000)]
    found = finder.search(index, "\n".join([*beats, "error: disk of the shard is full", *beats]))
    assert found[0].id == "a"


@pytest.mark.parametrize(
    "last",
    [
        "FATAL: disk of shard seven is full",
        "disk of shard seven is full",
        "sent {} disk of shard seven is full",
    ],
)
def test_of_a_long_log_no_line_is_lost(last):
    index = [entry("a", errors=["disk of shard … is full"]), entry("b", labels="warn slow request worker")]
    noise = [
        f"WARN slow request of worker{chr(97 + n % 26)}{chr(97 + n // 26)} {'late ' * 20}" for n in range(140)
    ]
    first = finder.search(index, "\n".join([*noise, last.format("late " * 9000)]))[0]
    assert (first.id, first.kind) == ("a", "error string")


def test_words_of_grammar_find_nothing_alone():
    index = [entry("a", errors=["has not yet been over"]), entry("b", labels="off"), *map(entry, "cdefg")]
    assert finder.search(index, "cannot turn over, off, not yet") == []
    assert finder.search(index, "it has not yet been over")[0].kind == "error string"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quick brown lazy fox", []),
        ("quick fox", ["label"]),
        ("quick hen in a lazy brown coop", ["two"]),
        ("brown lazy fox of kafka", ["name"]),
        ("brown lazy fox in 1290", ["code"]),
        ("brown lazy fox in 1291", []),
        ("brown lazy fox of conntrack", ["topic"]),
    ],
)
def test_one_word_among_many_answers_only_where_it_is_a_name_a_code_or_the_topic(text, found):
    index = [
        entry("label", labels="quick 1291"),
        entry("name", names=["Kafka"]),
        entry("code", errors=["ERROR 1290"]),
        entry(
            "topic", title="conntrack", errors=["conntrack x"], symptoms=["conntrack y"], labels="conntrack"
        ),
        entry("two", labels="hen coop"),
        *(entry(f"{n}") for n in range(9)),
    ]
    assert [hit.id for hit in finder.search(index, text)] == found


def test_beside_a_sure_answer_stand_at_most_three_that_share_words():
    index = [
        entry("sure", errors=["disk quota exceeded"]),
        *(entry(f"two{n}", labels="disk quota") for n in range(5)),
        *(entry(f"one{n}", labels="disk") for n in range(2)),
        *(entry(f"{n}") for n in range(30)),
    ]
    assert [hit.id for hit in finder.search(index, "disk quota exceeded")] == ["sure", "two0", "two1", "two2"]
    assert len(finder.search(index, "disk quota")) == 8


def test_mistyped_and_unfinished_words_are_understood():
    index = [entry("a", labels="elasticsearch"), entry("b", labels="kubernetes"), entry("c", labels="dns")]
    assert finder.search(index, "elastcsearch")[0].id == "a"
    assert finder.search(index, "elasticsaerhc")[0].id == "a"
    assert finder.search(index, "kuber")[0].id == "b"
    assert finder.search(index, "dn") == []
    assert finder.search(index, "tasemetskele") == []


@pytest.mark.parametrize(
    ("sound", "known"),
    [
        ("duplicate", "replicate"),
        ("syscall", "sysctl"),
        ("printer", "linter"),
        ("printer", "prints"),
        ("white", "while"),
        ("white", "write"),
        ("main", "min"),
    ],
)
def test_a_sound_word_is_no_slip_of_another(sound, known):
    assert finder.search([entry("a", labels=known)], sound) == []


@pytest.mark.parametrize(
    ("slip", "known"),
    [("tabel", "table"), ("exceded", "exceeded"), ("conect", "connect"), ("hedaers", "headers")],
)
def test_a_letter_too_many_too_few_or_swapped_is_a_slip(slip, known):
    assert finder.search([entry("a", labels=known)], slip)[0].matched == known


def test_words_of_keys_lead_to_the_gate():
    index = [
        entry("a", symptoms=["replicas fall behind"], gate="3am"),
        entry("b", labels="primary", gate="3am"),
        entry("c"),
        entry("d"),
    ]
    behind, primary = (finder.search(index, word)[0] for word in ("behind", "primary"))
    assert (behind.gate, primary.gate) == ("3am", "")
    assert primary.matched == "primary"


def test_ties_go_by_title():
    index = [entry("x", title="beta", errors=["is full"]), entry("y", title="Alpha", errors=["is full"])]
    assert [hit.id for hit in finder.search(index, "is full")] == ["y", "x"]


def test_prepared_entries_can_be_kept_as_json():
    prepared = finder.prepare([entry(f"{n:02}", errors=["disk … full"], labels="a b") for n in range(20)])
    kept = finder.Finder(json.loads(json.dumps(prepared)))
    assert len(kept.search("disk sda full")) == 10
    assert kept.search("disk sda full", 3) == finder.Finder(prepared).search("disk sda full", 3)


@pytest.mark.slow
def test_a_long_trace_over_2000_diagrams_takes_under_a_second(crowd):
    found = finder.Finder(finder.prepare(finder.index(atlas_json(crowd(2000)))))
    trace = "\n".join(f"\tat com.example.Class{n}.method(Class{n}.java:{n}) ERR {n} full" for n in range(300))
    begun = process_time()
    assert found.search(trace)
    assert process_time() - begun < 1
