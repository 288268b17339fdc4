"""A volume is full of a deleted log, then of a living one, then of names: room is made, the data stay."""

from __future__ import annotations

from pathlib import Path

from box import Box, must

GUIDE = "debugging/linux-no-space"
NEEDS = ("python3", "df", "du", "find", "fuser", "strace", "truncate")
RECOVERY = "empty-deleted"
WRITER = """
    import os, sys, time

    log = os.open(sys.argv[1], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(log, b"x" * 11_000_000)
    while True:
        try:
            os.write(log, b"y" * 8192)
        except OSError as error:
            print(error, flush=True)
        time.sleep(0.3)
    """


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    volume = box.volume("srv", "20m,nr_inodes=200")
    box.sh(
        f"cd {volume}; mkdir app app/log app/data app/cache; head -c 3000000 /dev/urandom > app/data/table"
    )
    box.keep("the data beside it", lambda: box.sh(f"cd {volume}/app/data; sha256sum table"))
    box.write("writer.py", WRITER)
    writer = _write_log(box, volume, "old.log")
    (volume / "app/log/old.log").unlink()
    box.sees(_fill(box, volume, "dump"))
    _ask_space(box, volume)
    box.run("failing-call", pid=writer)
    box.run("open-by", file=volume / "app/dump")
    handle = box.run("deleted", mount=volume).split()[1]
    must(handle == f"/proc/{writer}/fd/3", f"the handle of the deleted log is not told: {handle}")
    box.run("empty-deleted", handle=handle)
    box.run("proof", path=volume / "app")
    _living(box, volume)
    _names(box, volume)


def _ask_space(box: Box, volume: Path) -> None:
    """What `df` counts and `du` does not see."""
    must("100%" in box.run("blocks", path=volume / "app"), "the volume is not told full")
    box.run("inodes", path=volume / "app")
    box.run("sizes", mount=volume)
    box.run("proof", matches=False, path=volume / "app")


def _living(box: Box, volume: Path) -> None:
    """A log that is written, and a dump that nobody needs."""
    log = volume / "app/log/new.log"
    writer = _write_log(box, volume, log.name)
    _fill(box, volume, "dump-2")
    must(str(writer) in box.run("open-by", file=log), "the writer of the log is not told")
    box.run("empty-log", log_file=log)
    for dump in ("dump", "dump-2"):
        holders = box.run("open-by", file=volume / "app" / dump)
        must(not holders.strip(), f"nobody has the dump, and told are {holders}")
        box.run("remove", file=volume / "app" / dump)
    box.run("proof", path=volume / "app")


def _names(box: Box, volume: Path) -> None:
    """Room for bytes, none for names."""
    said = box.sh(f"for n in $(seq 300); do : > {volume}/app/cache/$n; done")
    must("No space left on device" in said, "names are never used up")
    must("100%" in box.run("inodes", path=volume / "app"), "the names are not told used up")
    most = box.run("counts", mount=volume).split("\n")[0]
    must("/app/cache" in most, f"the folder with the most names does not stand first: {most}")
    box.sh(f"rm {volume}/app/cache/*")
    box.run("proof", path=volume / "app")
    box.run("watch-limit")


def _write_log(box: Box, volume: Path, name: str) -> int:
    log = volume / "app/log" / name
    writer = box.start(
        "python3", "writer.py", log, ready=lambda: log.exists() and log.stat().st_size > 10_000_000
    )
    return int(writer.pid)


def _fill(box: Box, volume: Path, name: str) -> str:
    said: str = box.sh(f"head -c 30000000 /dev/zero > {volume}/app/{name}")
    return said
