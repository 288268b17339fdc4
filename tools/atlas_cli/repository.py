"""What git knows of the project: revisions, what differs from one, and who works here."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from contextlib import suppress

from .project import Project, Record
from .terminal import RefusalError


def read_commit(project: Project, rev: str) -> str:
    """The commit of a revision, in 40 hex digits. Raises RefusalError."""
    said = git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    if said is None:
        raise RefusalError(f"{rev!r} is no revision of a git repository here", "git log lists them")
    return said.strip()


def changed_files(project: Project, commit: str) -> set[str]:
    """Files of the source that differ from a commit, those included that git does not know yet."""
    changed = git(project, "diff", "--name-only", "--relative", "--no-renames", "-z", commit, "--", ".") or ""
    new = git(project, "ls-files", "--others", "--exclude-standard", "-z", "--", ".") or ""
    return {f"{project.source.name}/{name}" for name in f"{changed}\0{new}".split("\0") if name}


def touched_diagrams(diagrams: Iterable[Record], atlas: Record, changed: set[str]) -> list[Record]:
    """The diagrams whose page changed, or a ledger that one of their figures stands in."""
    places = {id: fact["place"]["path"] for id, fact in atlas["facts"].items()}
    return [
        d for d in diagrams if d["place"]["path"] in changed or any(places[f] in changed for f in d["facts"])
    ]


def writers_of(path: str, project: Project) -> set[str]:
    """Who wrote a page as it stands: the `Written-by:` of its last commit, else its author, and whoever is at
    work where it is not committed.
    """
    name = path.removeprefix(f"{project.source.name}/")
    with suppress(RefusalError):
        if git(project, "status", "--porcelain", "--", name):
            return {user_name(project)} - {""}
        trailer = "%(trailers:key=Written-by,valueonly)"
        said = (git(project, "log", "-1", f"--format=%an%n{trailer}", "--", name) or "").split("\n")
        named = {word.strip() for word in said[1:] if word.strip()}
        return named or {word for word in said[:1] if word}
    return set()


def user_name(project: Project) -> str:
    """Who git says is at work; empty where it does not say."""
    with suppress(RefusalError):
        return (git(project, "config", "user.name") or "").strip()
    return ""


def git(project: Project, *words: str) -> str | None:
    """What git says in the folder of the source; None where it refuses.

    Raises RefusalError where there is no git.
    """
    command = ["git", "-c", "core.quotePath=off", *words]
    try:
        done = subprocess.run(command, cwd=project.source, capture_output=True, text=True, check=False)
    except OSError as error:
        raise RefusalError(f"cannot run git: {error.strerror}") from error
    return done.stdout if done.returncode == 0 else None
