"""Answers that were given before, kept by what was asked and by all else that they rest on."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, Final, TypeVar

Answer = TypeVar("Answer")
FEW: Final = 20


def all_of(check: Callable[..., Iterable[Answer]], *said: object) -> Callable[[], tuple[Answer, ...]]:
    """What a check finds in what it is given, as an answer that may be kept."""
    return lambda: tuple(check(*said))


class Recall:
    """Gives the answer that it has to a question, or has it worked out and keeps it.

    `basis` names all that answers rest on besides their questions: rules, ledgers, the day. Kept answers of
    another basis are none, and so are those that were changed or cut short on the disk. What is not asked
    again is forgotten. Answers are shared, so that nobody may change one.
    """

    def __init__(self, basis: str = "", kept: bytes = b"") -> None:
        self.basis = basis
        self._kept = self._open(kept)
        self._asked: dict[str, Any] = {}
        self.fresh = 0
        """How many answers were worked out."""

    def __call__(self, name: str, question: object, work_out: Callable[[], Answer]) -> Answer:
        """The answer to `question`, whose `repr` tells it from all others that are asked by this name."""
        key = sha256(f"{name}\n{question!r}".encode(errors="surrogatepass")).hexdigest()
        if key not in self._asked:
            self.fresh += key not in self._kept
            self._asked[key] = self._kept[key] if key in self._kept else work_out()
        answer: Answer = self._asked[key]
        return answer

    @property
    def worth_keeping(self) -> bool:
        """False where so few answers are fresh that they are sooner worked out again than all are written."""
        return self.fresh > FEW or not self._kept

    def dump(self) -> bytes:
        """What was asked, to be kept: a seal, and behind it a pickle."""
        data = pickle.dumps(self._asked, pickle.HIGHEST_PROTOCOL)
        return self._seal(data) + data

    def _open(self, kept: bytes) -> dict[str, Any]:
        seal, data = kept[:32], kept[32:]
        # A pickle is a program; whoever can write this one and its seal can write the trees beside it.
        return pickle.loads(data) if data and seal == self._seal(data) else {}  # noqa: S301

    def _seal(self, data: bytes) -> bytes:
        return sha256(f"{self.basis}\n".encode() + data).digest()
