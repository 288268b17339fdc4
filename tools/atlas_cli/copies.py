"""A folder of copies: git repositories at `OWNER/NAME` or `OWNER/NAME.git`, bare or not, read and never
changed.

Nothing of a repository is run: its commits are asked for files and names, without filters, hooks or the
network.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .terminal import RefusalError

_NAME = re.compile(r"(?!\.)[\w.-]+/(?!\.)[\w.-]+")
_RENAMES = 12
"""How many renames of one file are followed."""
_FOUND = 20


@dataclass(frozen=True, slots=True)
class Copies:
    """The repositories of a folder, by `owner/name`."""

    folder: Path
    known: dict[str, Copy | None] = field(default_factory=dict)

    def find(self, name: str) -> Copy | None:
        """The copy of a repository; None where there is none, or no commit in it. Raises RefusalError."""
        if name not in self.known:
            self.known[name] = self._open(name) if _NAME.fullmatch(name) else None
        return self.known[name]

    def _open(self, name: str) -> Copy | None:
        for path in (self.folder / f"{name}.git", self.folder / name / ".git", self.folder / name):
            if (path / "HEAD").is_file() and (head := Copy(path, "").commit("HEAD")):
                return Copy(path, head)
        return None


@dataclass(frozen=True, slots=True)
class Copy:
    """One repository; `head` is the newest commit of its main branch."""

    path: Path
    head: str

    def commit(self, revision: str) -> str:
        """The commit in 40 hex digits; empty where it is not here."""
        said = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return said.decode().strip() if said else ""

    def newest(self, cited: str) -> str:
        """The newest commit that is known: the head, unless what is cited is younger."""
        cited = self.commit(cited)
        return cited if cited and self.day(cited) > self.day(self.head) else self.head

    def day(self, commit: str) -> date:
        """The day of a commit. Raises RefusalError where it is not here."""
        said = self._git("show", "--no-patch", "--format=%cs", commit)
        if not said:
            raise RefusalError(f"{self.path} has no commit {commit}", "fetch the repository again")
        return date.fromisoformat(said.decode().strip())

    def has(self, commit: str, path: str) -> bool:
        """Whether a commit has a file of that name, even where its content is not in the copy."""
        return bool(self._git("ls-tree", "--name-only", commit, "--", path))

    def read(self, commit: str, path: str) -> bytes | None:
        """A file at a commit; None where there is none."""
        return self._git("cat-file", "blob", f"{commit}:{path}")

    def search(self, commit: str, words: str) -> tuple[str, ...]:
        """Files at a commit that hold the words on one line, then a few that hold each of them somewhere."""
        each = [part for word in words.split() for part in ("-e", word)]
        found = [*self._grep(commit, "-e", words), *self._grep(commit, "--all-match", *each)]
        return tuple(dict.fromkeys(found))[:_FOUND]

    def _grep(self, commit: str, *patterns: str) -> list[str]:
        said = self._git("grep", "-l", "-z", "-I", "-i", "--fixed-strings", *patterns, commit) or b""
        return [name.partition(":")[2] for name in said.decode(errors="replace").split("\0") if name]

    def follow(self, newest: str, path: str) -> str:
        """The name of a file in the newest text, its renames followed; empty where it is gone."""
        seen: list[str] = []
        while path and path not in seen and len(seen) < _RENAMES:
            if self.has(newest, path):
                return path
            seen.append(path)
            path = self._renamed(newest, path)
        return ""

    def _renamed(self, newest: str, path: str) -> str:
        """What a file was called after the commit that took it away; empty where nothing is like it."""
        words = (
            "log",
            "-1",
            "--no-renames",
            "--diff-filter=D",
            "--format=%H",
            newest,
            "--",
            f":(top,literal){path}",
        )
        last = (self._git(*words) or b"").decode().strip()
        if not last:
            return ""
        said = self._git("show", "--format=", "--name-status", "-M", "--diff-filter=R", "-z", last) or b""
        names = said.decode(errors="replace").split("\0")
        pairs = zip(names[1::3], names[2::3], strict=False)
        return dict(pairs).get(path, "")

    def _git(self, *words: str) -> bytes | None:
        """What git says; None where it refuses. Raises RefusalError where there is no git."""
        command = [
            "git",
            "--git-dir",
            str(self.path),
            "-c",
            "core.quotePath=off",
            "-c",
            "safe.directory=*",
            *words,
        ]
        quiet = {"GIT_NO_LAZY_FETCH": "1", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        try:
            done = subprocess.run(command, capture_output=True, check=False, env=os.environ | quiet)
        except OSError as error:
            raise RefusalError(f"cannot run git: {error.strerror}") from error
        return done.stdout if done.returncode == 0 else None
