"""A control group is full and the kernel kills in it: the group gets room, its neighbour is let alone."""

from __future__ import annotations

import os
from pathlib import Path

from box import Box, must

GUIDE = "debugging/linux-oom-killer"
NEEDS = ("python3", "dmesg", "choom", "ps")
HOST = "the memory groups of the machine's kernel, and its log"
RECOVERY = "raise-v1"
SHOWS = (
    "SYM SYM->LOG LOG LOG->SCOPE SCOPE SCOPE->GROUP GROUP GROUP->EVENTS EVENTS EVENTS->LIMIT LIMIT "
    "LIMIT->OK TABLE TABLE->BIG BIG PROTECT OK"
).split()
GROUPS = Path("/sys/fs/cgroup/memory")
LIMIT, ROOM = 60_000_000, 200_000_000
EATER = """
    import sys, time
    eaten = bytearray(int(sys.argv[1]))
    eaten[::4096] = b"x" * len(eaten[::4096])
    print("ate", flush=True)
    time.sleep(600)
    """


def lacks() -> str:
    if not (GROUPS / "memory.limit_in_bytes").exists():
        return "memory groups of version 1 are not mounted"
    return "" if os.access(GROUPS, os.W_OK) else "memory groups cannot be made"


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    full, neighbour = _groups(box)
    box.write("eat.py", EATER)
    for group in (full, neighbour):
        (group / "memory.limit_in_bytes").write_text(str(LIMIT))
    alive = _eat(box, neighbour, 20_000_000)
    box.keep("a process of the next group", lambda: box.sh(f"ps -o pid=,lstart=,stat= -p {alive}"))
    box.keep("the limit of the next group", (neighbour / "memory.limit_in_bytes").read_text)
    killed = box.run("proof")
    victim = _eat(box, full, 100_000_000)
    box.until(lambda: not _lives(box, victim), what="nothing is killed")
    box.sees(box.sh("dmesg | tail -40"))
    said = box.run("kill-line")
    name = f"{full.parent.name}/{full.name}"
    named = f"oom_memcg=/{name}," in said and "CONSTRAINT_MEMCG" in said
    must(named, f"the log does not name the group {name}: {said[-300:]}")
    must(box.run("proof") != killed, "the counter did not see the kill")
    box.run("reports")
    largest = box.run("tasks").split("\n")[0]
    must("python3" in largest, f"the largest task of the report is not the one that ate: {largest}")
    box.run("largest")
    box.run("score", pid=alive)
    group = box.run("group", group=name)
    told = "oom_kill 1" in group and f"limit_in_bytes:{LIMIT // 4096 * 4096}\n" in group
    must(told, f"the group does not tell its limit and its kill: {group}")
    box.run("raise-v1", group=name, bytes=ROOM)
    again = _eat(box, full, 100_000_000)
    must(_lives(box, again), "it is killed again")
    box.run("score", pid=again)
    box.run("protect", pid=again, adjustment=100)
    before = box.run("proof")
    box.sh("sleep 1")
    must(box.run("proof") == before and _lives(box, again), "the kernel still kills")


def _groups(box: Box) -> list[Path]:
    """Two groups whose names begin alike, gone with the box."""
    parent = GROUPS / f"atlas-trial-{os.urandom(4).hex()}"
    groups = [parent / name for name in ("one", "one-more")]
    for group in (parent, *groups):
        group.mkdir()
        box.at_end(lambda group=group: _remove(box, group))
    return groups


def _remove(box: Box, group: Path) -> None:
    box.until(lambda: not (group / "cgroup.procs").read_text(), what=f"{group} lives on")
    group.rmdir()


def _eat(box: Box, group: Path, size: int) -> int:
    """A process of the group that takes that many bytes, or dies of it."""
    log = box.folder / f"{group.name}-{size}"
    log.unlink(missing_ok=True)
    join = f"echo $$ > {group}/cgroup.procs; exec choom -n 300 -- python3 eat.py {size} > {log}"
    server = box.start("bash", "-c", join, ready=lambda: True)
    box.until(lambda: server.poll() is not None or (log.exists() and "ate" in log.read_text()))
    return int(server.pid)


def _lives(box: Box, pid: int) -> bool:
    return box.sh(f"ps -o stat= -p {pid}").strip()[:1] not in ("", "Z")
