"""Redis with a password cannot write its snapshot to a full volume: room is made, a save lets writes in."""

from __future__ import annotations

import os
import time
from pathlib import Path

from box import Box, must

GUIDE = "debugging/redis-misconf"
NEEDS = ("redis-server", "redis-cli", "ps")
RECOVERY = "leftovers"
SHOWS = (
    "SYM SYM->INFO INFO INFO->ERR ERR ERR->COPY COPY LOG LOG->FULL FULL FULL->ROOM ROOM ROOM->RETRY "
    "RETRY RETRY->BACK BACK "
    "INFO->AOF AOF AOF->AROOM AROOM AROOM->ARETRY ARETRY ARETRY->BACK"
).split()


def version(box: Box) -> str:
    said: str = box.sh("redis-server --version")
    return "Redis " + said.split("v=")[1].split(maxsplit=1)[0]


def run(box: Box) -> None:
    volume = box.volume("volume", "28m")
    log = box.folder / "redis.log"
    _start(box, volume / "db", log)
    box.sh("redis-cli set bystander keep; redis-cli -n 3 set other keep; redis-cli save")
    box.keep("a key", lambda: box.sh("redis-cli get bystander"))
    box.keep("another database", lambda: box.sh("redis-cli -n 3 get other"))
    _fill_up(box, volume)
    box.keep("the number of keys", lambda: box.sh("redis-cli dbsize"))
    box.sees(box.sh("redis-cli set a b"))
    box.sees(log.read_text(errors="replace"))
    box.run("persistence")
    box.run("log-place")
    box.run("log-reason", logfile=log)
    box.run("diskless")
    box.run("diskless-on")
    box.run("rescue-copy", file_on_another_volume=box.folder / "rescued.rdb")
    box.run("where")
    box.run("room", dir=volume / "db")
    box.run("data-size")
    box.run("inodes", dir=volume / "db")
    box.run("owner", dir=volume / "db")
    server = box.run("server-user").split()[1]
    box.run("overcommit")
    box.run("processes", pid=server)
    box.run("save")
    time.sleep(1)
    box.run("saved", matches=False)
    box.run("leftovers", dir=volume / "db", number=999999)
    box.run("save")
    box.run("wait")
    box.run("saved")
    box.run("proof")
    must("OK" in box.sh("redis-cli set a b"), "writes are still refused")
    box.sh("redis-cli del a atlas-test")
    _append_only(box)


def _append_only(box: Box) -> None:
    """Another server, whose append-only file has no room."""
    box.write("bin/redis-cli", '#!/bin/sh\nexec /usr/bin/redis-cli -p ${REDIS_PORT:-6379} "$@"\n').chmod(
        0o755
    )
    box.env["REDIS_PORT"] = "6380"
    data = box.volume("second", "8m")
    box.start(
        "redis-server", "--bind", "127.0.0.1", "--port", "6380", "--dir", data, "--save", "",
        "--appendonly", "yes", "--requirepass", box.env["REDISCLI_AUTH"],
        ready=lambda: "PONG" in box.sh("redis-cli ping"),
    )  # fmt: skip
    box.sh(f"redis-cli set kept keep; head -c 20000000 /dev/zero > {data}/filler")
    large = "head -c 100000 /dev/urandom | redis-cli -x set large"
    box.until(lambda: "MISCONF" in box.sh(large), what="writes are not refused")
    box.sees(box.sh(large))
    must("aof_last_write_status:err" in box.run("persistence"), "the append-only file is not told broken")
    box.run("aof-room", dir=data, appenddirname=box.run("aof-folder").split()[1])
    must("status:err" in box.run("aof-status"), "the append-only file is not told broken")
    box.run("proof", matches=False)
    box.sh(f"rm {data}/filler")
    box.until(lambda: "status:ok" in box.run("aof-status"), what="it does not try again by itself")
    box.run("aof-rewrite")
    box.run("proof")
    must("keep" in box.sh("redis-cli get kept"), "a key is lost")
    del box.env["REDIS_PORT"]


def _start(box: Box, data: Path, log: Path) -> None:
    """With a password: who does not give it is told so, and no more."""
    password = "open sesame"
    box.sh(f"mkdir {data}")
    box.start(
        "redis-server", "--bind", "127.0.0.1", "--dir", data, "--save", "3600 1", "--logfile", log,
        "--requirepass", password,
        ready=lambda: "NOAUTH" in box.sh("redis-cli ping"),
    )  # fmt: skip
    must("NOAUTH" in box.run("persistence", matches=False), "a refused login is not told")
    box.env["REDISCLI_AUTH"] = password


def _fill_up(box: Box, volume: os.PathLike[str]) -> None:
    """A dump that does not fit twice, and what a crash left beside it."""
    box.sh("for n in $(seq 120); do head -c 100000 /dev/urandom | redis-cli -x set key:$n; done")
    box.sh(f"head -c 18000000 /dev/zero > {volume}/db/temp-999999.rdb; redis-cli bgsave")
    box.until(lambda: "rdb_last_bgsave_status:err" in box.sh("redis-cli info persistence"))
