"""A container's table of connections is full: the host raises the limit, idle flows go, a login stays."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from box import HOST_NETWORK, Box, must

GUIDE = "debugging/linux-conntrack"
NEEDS = ("conntrack", "dmesg", "ip", "lsns", "nft", "nsenter", "sysctl")
HOST = "the limit of tracked connections, one for the whole machine, and the log of its kernel"
RECOVERY = "raise-limit"
SHOWS = (
    "SYM SYM->CHECK CHECK CHECK->NS NS NS->FULL FULL FULL->RAISE RAISE RAISE->MIX MIX MIX->EST EST "
    "EST->IDLE IDLE IDLE->SHORT SHORT MIX->SRC SRC SRC->CUT CUT CUT->OK MIX->TW TW MIX->UDP UDP OK"
).split()
LIMIT, DAYS, HOUR = 200, 432_000, 3_600
MANY = LIMIT - 52
"""Flows of one source: with the idle ones, the login and that of another source they fill the table."""
NOISY, IDLE, SHORT, LOGIN = 7001, 7002, 7003, 7022
CALLER, HERE, THERE, OTHER = "127.0.0.1", "127.0.0.2", "127.0.0.5", "127.0.0.50"
SETTING = "net.netfilter.nf_conntrack_"
FIREWALL = (
    "table ip guard { chain input { type filter hook input priority 0; policy drop; "
    "ct state invalid drop; ct state established,related,new accept; }; }"
)


def lacks() -> str:
    """Nothing of the machine may track connections, for the limit is lowered for all of it."""
    if not Path("/proc/sys/net/netfilter/nf_conntrack_max").exists():
        return "the kernel does not track connections"
    with Path("/proc/self/ns/net").open() as network:
        fcntl.flock(network, fcntl.LOCK_EX)
        listed = subprocess.check_output(["lsns", "-t", "net", "-no", "PID"], text=True)
        counts = {_count(pid) for pid in listed.split()}
    return "" if counts <= {"0", ""} else "this machine tracks connections of its own"


def _count(pid: str) -> str:
    command = ["nsenter", "-t", pid, "-n", "sysctl", "-n", f"{SETTING}count"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    _lower(box)
    kept = _fill(box)
    box.keep("a login", lambda: _echo(*kept[LOGIN][0]))
    box.keep("a timeout of the host", lambda: box.on_host(f"sysctl {SETTING}tcp_timeout_established"))
    box.keep(
        "the flow of another source", lambda: box.sh(f"conntrack -L -s {OTHER} | grep -o EST.*dport=[0-9]*")
    )
    box.until(lambda: not _connects(), what="the table is never full")
    box.sees(box.sh("dmesg | tail -5"))
    _prove(box)
    box.run("raise-limit", machine=True, new_limit=2 * LIMIT)
    must(_connects(), "new connections still time out")
    box.run("raise-buckets", machine=True, new_buckets=2 * int(_host(box, "buckets")))
    _delete_idle(box)
    _delete_source(box)
    _look_at_the_rest(box)
    box.run("keep-limit", new_limit=2 * LIMIT)
    box.run("keep-module")
    box.run("drops-stand-still")
    must(_connects(), "new connections time out again")


def _lower(box: Box) -> None:
    """A low limit for the machine, put back at the end; files of settings that are the box's own."""
    fcntl.flock(int(os.environ[HOST_NETWORK]), fcntl.LOCK_EX)
    for name in ("max", "buckets"):
        before = _host(box, name)
        box.at_end(lambda name=name, before=before: box.on_host(f"sysctl -w {SETTING}{name}={before}"))
    box.on_host(f"sysctl -w {SETTING}max={LIMIT}")
    for folder in ("/etc/sysctl.d", "/etc/modules-load.d"):
        subprocess.run(["mount", "-t", "tmpfs", "trial", folder], check=True)
    box.sh(f"nft '{FIREWALL}'")


def _host(box: Box, name: str) -> str:
    value: str = box.on_host(f"sysctl -n {SETTING}{name}")
    return value.strip()


def _fill(box: Box) -> dict[int, list[tuple[socket.socket, socket.socket]]]:
    """Flows that nobody closes, some of them silent for long; a login among them."""
    kept = {LOGIN: _flows(LOGIN, [CALLER])}
    box.sh(f"sysctl -w {SETTING}tcp_timeout_established={DAYS - 2 * HOUR}")
    kept[IDLE] = _flows(IDLE, [CALLER] * 50)
    box.sh(f"sysctl -w {SETTING}tcp_timeout_established={DAYS}")
    kept[NOISY] = _flows(NOISY, [OTHER, *[THERE] * MANY])
    return kept


def _flows(port: int, sources: Sequence[str]) -> list[tuple[socket.socket, socket.socket]]:
    listener = socket.create_server((HERE, port), backlog=len(sources))
    flows = []
    for source in sources:
        caller = socket.create_connection((HERE, port), timeout=5, source_address=(source, 0))
        flows.append((caller, listener.accept()[0]))
    return flows


def _echo(caller: socket.socket, called: socket.socket) -> str:
    """What arrives of a word that is sent."""
    caller.settimeout(5)
    called.sendall(b"alive")
    return caller.recv(5).decode()


def _connects() -> bool:
    """Whether a new connection is let in."""
    with socket.create_server((HERE, 0)) as listener:
        try:
            socket.create_connection(listener.getsockname(), timeout=1.5).close()
        except OSError:
            return False
    return True


def _prove(box: Box) -> None:
    """Step 1 and 2: the log, the two counts, the namespace that the log names."""
    said = box.run("kernel-log")
    here = str(Path("/proc/self/ns/net").readlink())
    inode = re.findall(r"in netns (\d+)", said)[-1]
    must(here == f"net:[{inode}]", f"the log names {inode}, and the full one is {here}")
    must(f"count = {LIMIT}" in box.run("count"), "the count is not at the limit")
    must("count = 0" in box.run("count", machine=True), "the host counts what is the container's")
    box.run("drops")
    box.run("whose-namespace", netns=inode)
    box.run("raise-limit", matches=False, new_limit=2 * LIMIT)
    must(_host(box, "max") == str(LIMIT), "a container has changed the limit of the host")


def _delete_idle(box: Box) -> None:
    box.run("by-state")
    box.run("by-source")
    box.run("established-timeout")
    idle = box.run("idle-by-destination", idle_below=DAYS - HOUR).splitlines()
    told = [line.split() for line in idle] == [["50", f"dst={HERE}", f"dport={IDLE}"]]
    must(told, f"what is idle is not told: {idle}")
    box.run("would-delete", address=HERE, port=IDLE)
    deleted = box.run("delete-idle", address=HERE, port=IDLE)
    must("50 flow entries have been deleted" in deleted, "other than what was shown is deleted")
    box.run("shorter-timeout", seconds=HOUR)


def _delete_source(box: Box) -> None:
    box.run("source-opens", source=THERE)
    deleted = box.run("delete-source", source=THERE, port=NOISY)
    must(f"{MANY} flow entries" in deleted, "other than what was shown is deleted")


def _look_at_the_rest(box: Box) -> None:
    """Short connections and datagrams."""
    for caller, called in _flows(SHORT, [CALLER] * 7):
        caller.close()
        called.close()
    box.run("short-connections")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"?", (HERE, 5353))
    box.run("udp-flows")
