"""Answers that are kept: given again to the same question on the same basis, and else worked out."""

from __future__ import annotations

import pytest

from atlas.records.model import Place
from atlas.records.recall import FEW, Recall


class Worker:
    """Answers with what it was made for, and counts how often."""

    def __init__(self, answer: object) -> None:
        self.answer, self.asked = answer, 0

    def __call__(self) -> object:
        self.asked += 1
        return self.answer


def kept(basis: str, **answers: object) -> bytes:
    recall = Recall(basis)
    for question, answer in answers.items():
        recall("name", question, Worker(answer))
    return recall.dump()


def test_a_question_is_worked_out_once() -> None:
    recall, worker = Recall(), Worker(("one",))
    assert [recall("name", Place("a.md", 3), worker) for _ in range(2)] == [("one",), ("one",)]
    assert worker.asked == 1


def test_a_kept_answer_is_given_again() -> None:
    recall, worker = Recall("day 1", kept("day 1", q=("kept",))), Worker(("new",))
    assert recall("name", "q", worker) == ("kept",)
    assert worker.asked == 0
    assert not recall.fresh
    assert not recall.worth_keeping


@pytest.mark.parametrize(
    ("basis", "name", "question"), [("day 2", "name", "q"), ("day 1", "other", "q"), ("day 1", "name", "r")]
)
def test_another_basis_name_or_question_is_worked_out(basis: str, name: str, question: str) -> None:
    recall, worker = Recall(basis, kept("day 1", q=("kept",))), Worker(("new",))
    assert recall(name, question, worker) == ("new",)
    assert recall.fresh == 1


@pytest.mark.parametrize("cut", [0, 10, 40, -1])
def test_what_was_cut_short_is_none(cut: int) -> None:
    worker = Worker(("new",))
    assert Recall("day", kept("day", q=("kept",))[:cut])("name", "q", worker) == ("new",)


def test_what_was_changed_is_none() -> None:
    data = bytearray(kept("day", q=("kept",)))
    data[-9] ^= 1
    assert Recall("day", bytes(data))("name", "q", Worker(("new",))) == ("new",)


def test_what_is_not_asked_is_forgotten() -> None:
    recall = Recall("day", kept("day", q=("kept",), r=("old",)))
    recall("name", "q", Worker(()))
    later, worker = Recall("day", recall.dump()), Worker(("new",))
    assert later("name", "q", Worker(())) == ("kept",)
    assert later("name", "r", worker) == ("new",)


@pytest.mark.parametrize(("fresh", "worth"), [(FEW, False), (FEW + 1, True)])
def test_a_few_answers_more_are_not_worth_writing_all(fresh: int, worth: bool) -> None:
    recall = Recall("day", kept("day", q=("kept",)))
    for question in range(fresh):
        recall("name", question, Worker(()))
    assert recall.worth_keeping is worth


def test_the_first_answers_are_worth_keeping() -> None:
    recall = Recall("day", kept("day before", q=("kept",)))
    recall("name", "q", Worker(()))
    assert recall.worth_keeping
