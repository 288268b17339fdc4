"""The box in which a trial runs: other people's dangerous commands, and nothing of this machine within reach.

`python box.py TRIAL ATLAS_JSON [--without COMMAND]` makes namespaces of its own for mounts, processes and
the network, drops to a user without rights, lets the trial provoke its fault, and prints one JSON object:
`error` is empty where all went as the page says; `version` of the software; `ran`, the ids of the commands
of the page.

A trial is a module beside this one: `GUIDE` (the id of its page), `NEEDS` (programs), `RECOVERY` (the id of
the command, or the name of the step, that heals), `version(box)` and `run(box)`. With `--without` that one is
left out, and the trial must fail. It may have `WHEELS` (Python packages), `HOST` (what of the machine's own
kernel it needs, in words: its commands then run as root), `lacks()`, which says why it cannot run here, and
`SHOWS`, the boxes (`NODE`) and arrows (`TAIL->HEAD`) of the page's drawing that a passed trial has seen.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

USER = 61_234
"""Of nobody: no process and no file of the machine is its own."""
HOST_NETWORK = "ATLAS_HOST_NETWORK"
"""The variable with the open file of the machine's own network namespace, for a trial that has `HOST`."""
TIMEOUT = 60
NAMESPACES = "--mount --pid --net --ipc --uts --fork --kill-child --mount-proc".split()
_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9]*(?:-[a-z0-9]+)*)>")


class TrialError(Exception):
    """What did not go as the page says, in one line."""


def must(true: bool, what: str) -> None:
    """A trial ends where something is not as it must be."""
    if not true:
        raise TrialError(what)


class Box:
    """Runs programs and the page's own commands as a user without rights, below a folder of its own."""

    def __init__(
        self,
        page: Mapping[str, Any],
        folder: Path,
        *,
        without: str = "",
        user: int = USER,
        python: Sequence[int] = (),
    ) -> None:
        """`python` are open folders: Python itself, and the packages of the tests."""
        self.folder, self.without, self.user = folder, without, user
        self._python = python
        self.commands = {command["id"]: command for command in page["commands"]}
        self.quoted = [*page["errors"], *_quoted(page)]
        self.ran: list[str] = []
        self.env = {
            "HOME": str(folder),
            "PATH": f"{folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
        }
        self._servers: list[subprocess.Popen[str]] = []
        self._undo: list[Callable[[], object]] = []
        self._kept: dict[str, tuple[Callable[[], str], str]] = {}

    # What a fault needs

    def volume(self, name: str, size: str) -> Path:
        """A small disk of its own, such as `28m`."""
        path = self.folder / name
        path.mkdir()
        options = f"size={size},uid={USER},gid={USER},mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "trial", str(path)], check=True)
        return path

    def start(self, *argv: str | Path, ready: Callable[[], bool], **options: Any) -> subprocess.Popen[str]:
        """A server that is ended with the box; comes back once it is `ready`."""
        log = self.folder / f"{Path(str(argv[0])).name}-{len(self._servers)}.out"
        with log.open("w") as file:
            server = subprocess.Popen(
                [*map(str, argv)], stdout=file, stderr=file, text=True, **self._as_user(**options)
            )
        self._servers.append(server)
        self.until(ready, what=f"{argv[0]} is not ready: {log.read_text()[-300:]}")
        return server

    def begin(self, text: str) -> subprocess.Popen[str]:
        """A line of shell that goes on beside the rest, and is ended with the box."""
        begun = subprocess.Popen(
            ["bash", "-c", text],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            **self._as_user(),
        )  # fmt: skip
        self._servers.append(begun)
        return begun

    def write(self, name: str, text: str) -> Path:
        """A file in the box."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
        os.chown(path, self.user, self.user)
        return path

    def bring_wheels(self) -> None:
        """The Python packages of the tests, in the folder `site`; `python` in the box imports them."""
        python, site = self.folder / "python", self.folder / "site"
        for path, here in zip((python, site), self._python, strict=True):
            path.mkdir()
            source = f"/proc/{os.getpid()}/fd/{here}"
            subprocess.run(["mount", "--bind", "-o", "ro", source, str(path)], check=True)
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        called = f'PYTHONHOME={python} PYTHONPATH={site} exec {python}/bin/{name} "$@"'
        self.write("bin/python", f"#!/bin/sh\n{called}\n").chmod(0o755)

    def sh(self, text: str, *, timeout: float = TIMEOUT, as_root: bool = False, **env: str) -> str:
        """What a line of shell prints, both streams; as root of the box's own namespaces where asked."""
        user = 0 if as_root else self.user
        done: subprocess.CompletedProcess[str] = subprocess.run(
            ["bash", "-c", text],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, errors="replace",
            **self._as_user(env=env, user=user, group=user),
        )  # fmt: skip
        return done.stdout

    def on_host(self, text: str, timeout: float = TIMEOUT) -> str:
        """What a line of shell prints in the machine's own network namespace; for a trial that has `HOST`."""
        network = int(os.environ[HOST_NETWORK])
        done: subprocess.CompletedProcess[str] = subprocess.run(
            ["nsenter", f"--net=/proc/self/fd/{network}", "bash", "-c", text],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
            **self._as_user(pass_fds=[network]),
        )  # fmt: skip
        return done.stdout

    def until(self, true: Callable[[], bool], *, seconds: float = 20, what: str = "it does not come") -> None:
        """Wait until something is true."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TrialError(what)
            time.sleep(0.1)

    def _as_user(self, *, env: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
        return {
            "user": self.user,
            "group": self.user,
            "extra_groups": [],
            "cwd": self.folder,
            "env": {**self.env, **(env or {})},
            "start_new_session": True,
            **options,
        }

    # What the page says

    def sees(self, output: str) -> None:
        """An output holds a line that the page quotes, its `…` standing for anything."""
        for quoted in self.quoted:
            parts = [re.escape(part.strip()) for part in quoted.split("…") if part.strip()]
            if parts and re.search(".*".join(parts), output, re.DOTALL):
                return
        raise TrialError(f"no line that the page quotes stands in {output.strip()[:200]!r}")

    def run(
        self,
        id: str,
        *,
        matches: bool = True,
        machine: bool = False,
        as_root: bool = False,
        timeout: float = TIMEOUT,
        **words: object,
    ) -> str:
        """A command of the page with its placeholders filled in; its output is what the page expects, or not.

        `words` are named as the placeholders, with `_` for `-`. Empty where it is the one left out. With
        `machine` it runs in the machine's own network namespace, with `as_root` as root of the box's.
        """
        if id not in self.commands:
            raise TrialError(f"the page has no command {id}")
        command = self.commands[id]
        if id == self.without:
            return ""
        text = _fill(command["text"], words)
        try:
            output = (
                self.on_host(text, timeout) if machine else self.sh(text, timeout=timeout, as_root=as_root)
            )
        except subprocess.TimeoutExpired:
            raise TrialError(f"{id} does not end: {text}") from None
        if _fits(command["expect"], output) is not matches:
            wanted = f"{'' if matches else 'not '}{command['expect']!r}"
            raise TrialError(f"{id}: expected {wanted}, and got {output.strip()[:300]!r}")
        if id not in self.ran:
            self.ran.append(id)
        return output

    def does(self, step: str) -> bool:
        """False for the step that is left out: one that the page gives as code or setting, not as command."""
        return step != self.without

    # Bystanders

    def keep(self, name: str, look: Callable[[], str]) -> None:
        """Something beside the fault that must be the same at the end."""
        self._kept[name] = (look, look())

    def check_bystanders(self) -> None:
        for name, (look, before) in self._kept.items():
            if (after := look()) != before:
                raise TrialError(f"bystander {name} has changed from {before[:80]!r} to {after[:80]!r}")

    def at_end(self, undo: Callable[[], object]) -> None:
        """What is to be put back on the machine once the servers are gone."""
        self._undo.append(undo)

    def end(self) -> None:
        """End the servers and undo what was done, the last first."""
        for server in reversed(self._servers):
            server.kill()
            server.wait()
        for undo in reversed(self._undo):
            undo()


def _quoted(page: Mapping[str, Any]) -> Iterator[str]:
    """Lines of code of a page's error messages and logs that are long enough to be told from others."""
    for check in (check for gate in page["gates"] for check in gate["checks"]):
        if check["term"] in ("Error messages", "Logs"):
            lines = "\n".join([*check["literals"], *check["commands"]]).split("\n")
            yield from (line for line in lines if len(line) > 20)


def _fill(text: str, words: Mapping[str, object]) -> str:
    def word(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        if name not in words:
            raise TrialError(f"<{found[1]}> is not filled in: {text}")
        return str(words[name])

    return _PLACEHOLDER.sub(word, text)


def _fits(expect: str, output: str) -> bool:
    """True where an output is as the page expects; where it expects nothing in particular, always."""
    plain = output.replace("\r", "")
    if expect == "nothing":
        return not plain.strip()
    return not expect or re.search(expect, plain) is not None


def load(name: str) -> ModuleType:
    """The trial of a name."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def missing(trial: ModuleType) -> str:
    """Why a trial cannot run here; empty where it can."""
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    absent = [name for name in trial.NEEDS if not shutil.which(name, path=path)]
    absent += [name for name in getattr(trial, "WHEELS", ()) if not importlib.util.find_spec(name)]
    if absent:
        return f"{', '.join(absent)} is not here"
    if os.geteuid() != 0:
        return "a box is made by root"
    return str(trial.lacks()) if hasattr(trial, "lacks") else ""


@contextmanager
def opened(page: Mapping[str, Any], without: str, *, user: int = USER) -> Iterator[Box]:
    """A box below a memory disk, within the namespaces that `main` has made; all else can only be read."""
    folder = Path("/tmp/trial")
    # Opened before /tmp is hidden: a checkout may stand there.
    python = [os.open(path, os.O_PATH) for path in (sys.base_prefix, sysconfig.get_path("platlib"))]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "trial", "/tmp"], check=True)
    folder.mkdir()
    os.chown(folder, user, user)
    _name_user(folder)
    subprocess.run(["mount", "-o", "remount,bind,ro", "/"], check=True)
    box = Box(page, folder, without=without, user=user, python=python)
    try:
        yield box
    finally:
        box.end()


def _name_user(folder: Path) -> None:
    """Servers ask what their user is called."""
    known = Path("/etc/passwd").read_text(encoding="utf-8")
    named = Path("/tmp/passwd")
    named.write_text(f"{known}trial:x:{USER}:{USER}::{folder}:/bin/sh\n", encoding="utf-8")
    subprocess.run(["mount", "--bind", str(named), "/etc/passwd"], check=True)


def main(argv: Sequence[str]) -> int:
    """0 where the trial went as the page says. Inside of the namespaces, where it calls itself again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("trial")
    parser.add_argument("atlas", type=Path)
    parser.add_argument("--without", default="")
    parser.add_argument("--inside", action="store_true")
    args = parser.parse_args(argv)
    if not args.inside:
        return _enter(argv)
    page_json = json.loads(args.atlas.read_text(encoding="utf-8"))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    trial = load(args.trial)
    page = next(d for d in page_json["diagrams"] if d["id"] == trial.GUIDE)
    answer: dict[str, Any] = {"error": "", "version": "", "ran": []}
    with opened(page, args.without, user=0 if getattr(trial, "HOST", "") else USER) as box:
        try:
            if hasattr(trial, "WHEELS"):
                box.bring_wheels()
            answer["version"] = trial.version(box)
            trial.run(box)
            box.check_bystanders()
        except TrialError as error:
            answer["error"] = " ".join(str(error).split())
        answer["ran"] = box.ran
        answer["shows"] = [*getattr(trial, "SHOWS", ())]
    sys.stdout.write(json.dumps(answer) + "\n")
    return int(bool(answer["error"]))


def _enter(argv: Sequence[str]) -> int:
    """The machine's own network namespace goes along, as an open file that can be entered and locked."""
    with Path("/proc/self/ns/net").open() as network:
        return subprocess.run(
            ["unshare", *NAMESPACES, sys.executable, __file__, *argv, "--inside"],
            env={**os.environ, HOST_NETWORK: str(network.fileno())},
            pass_fds=[network.fileno()],
            check=False,
        ).returncode


if __name__ == "__main__":
    import box  # as trials know it: two modules of one file would have two errors of one name

    sys.exit(box.main(sys.argv[1:]))
