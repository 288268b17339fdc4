"""Packets are dropped, a listener does not accept, a server does not read: told apart, and mended."""

from __future__ import annotations

import re
import subprocess

from box import Box, must

GUIDE = "debugging/connect-timeout"
NEEDS = ("bash", "curl", "ip", "nft", "nstat", "ping", "python3", "ss", "sysctl", "tcpdump", "timeout")
RECOVERY = "mend the rule"
SHOWS = (
    "SYM SYM->PHASE PHASE PHASE->DUMP DUMP DUMP->DROP DUMP->QUEUE QUEUE QUEUE->FULL FULL QUEUE->DROP DROP "
    "DROP->RULE RULE RULE->OK FULL->ACC ACC ACC->OK PHASE->SLOW SLOW OK"
).split()
HERE, NEIGHBOUR, DROPPED, FULL, DEAF = "192.0.2.10", 9300, 9310, 9311, 9312
RULES = (
    "table inet guard { chain input { type filter hook input priority 0; tcp dport 9310 counter drop; }; }"
)
LISTENER = """
    import socket, sys, time

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("192.0.2.10", int(sys.argv[1])))
    listener.listen(int(sys.argv[2]))
    kept = []
    while True:
        kept.append(listener.accept()) if sys.argv[3] == "accept" else time.sleep(1)
    """
CALLERS = """
    import socket, time

    kept = [socket.socket() for _ in range(4)]
    for caller in kept:
        caller.setblocking(False)
        caller.connect_ex(("192.0.2.10", 9311))
    time.sleep(60)
    """


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    subprocess.run(["ip", "addr", "add", f"{HERE}/32", "dev", "lo"], check=True)
    box.sh("sysctl -w net.ipv4.tcp_syn_retries=1", as_root=True)
    _serve(box, NEIGHBOUR)
    box.keep("a neighbour", lambda: box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' {_url(NEIGHBOUR)}"))
    _dropped(box)
    _full(box)
    _deaf(box)
    _size(box)


def _dropped(box: Box) -> None:
    """A rule that drops: the packet arrives, and nothing goes back."""
    _serve(box, DROPPED)
    box.sh(f"nft '{RULES}'", as_root=True)
    said = box.sh(f"python3 -c 'import socket; socket.create_connection((\"{HERE}\", {DROPPED}))'")
    box.sees(said.splitlines()[-1])
    box.sees(_phases(box, DROPPED, connects=False))
    must("open" not in box.run("opens", address=HERE, port=DROPPED).split(), "it opens")
    captured = _capture(box, DROPPED)
    must("[S]" in captured and "[S.]" not in captured, f"it is answered: {captured}")
    must("0 packets captured" in _capture(box, DROPPED + 80), "packets to nowhere arrive")
    must(HERE in box.run("route", address=HERE), "the route is not told")
    must("LISTEN 0" in box.run("accept-queue", port=DROPPED), "its queue is not told empty")
    must(str(DROPPED) in box.run("drop-rules", as_root=True), "the rule is not told")
    box.run("proof", matches=False, url=_url(DROPPED))
    if box.does(RECOVERY):
        box.sh("nft delete table inet guard", as_root=True)
    box.run("proof", url=_url(DROPPED))


def _full(box: Box) -> None:
    """A listener that does not accept: its queue is longer than it may be, and what is dropped is counted."""
    box.write("listener.py", LISTENER)
    box.write("callers.py", CALLERS)
    hangs = box.start(
        "python3", "listener.py", str(FULL), "1", "hang", ready=lambda: f":{FULL}" in _listens(box)
    )
    box.start("python3", "callers.py", ready=lambda: _waiting(box) > 1)
    before = _overflows(box)
    _phases(box, FULL, connects=False)
    must(_overflows(box) > before, "what is dropped is not counted")
    box.run("queue-ceiling", as_root=True, length=8192)
    hangs.kill()
    hangs.wait()
    _serve(box, FULL)
    box.run("proof", url=_url(FULL))


def _deaf(box: Box) -> None:
    """A server that accepts and does not read."""
    box.start("python3", "listener.py", str(DEAF), "16", "accept", ready=lambda: f":{DEAF}" in _listens(box))
    said = box.sh(f"curl -sS -m 2 {_url(DEAF)}")
    box.sees(said)
    _phases(box, DEAF, connects=True)
    must("open" in box.run("opens", address=HERE, port=DEAF), "it does not connect")
    unread = [int(line.split()[1]) for line in box.run("unread", port=DEAF).splitlines()[1:]]
    must(max(unread) > 10, f"what is not read is not told: {unread}")


def _size(box: Box) -> None:
    """A link that is too narrow for a packet of the usual full size."""
    must("1 received" in box.run("size", as_root=True, address=HERE), "a packet that fits is not answered")
    box.sh("ip link set lo mtu 1400", as_root=True)
    must("mtu=1400" in box.run("size", as_root=True, address=HERE), "the size of the link is not told")
    box.sh("ip link set lo mtu 65536", as_root=True)


def _serve(box: Box, port: int) -> None:
    box.start(
        "python3", "-m", "http.server", str(port), "--bind", HERE, ready=lambda: f":{port}" in _listens(box)
    )  # fmt: skip


def _url(port: int) -> str:
    return f"http://{HERE}:{port}/"


def _listens(box: Box) -> str:
    listed: str = box.sh("ss -ltn")
    return listed


def _phases(box: Box, port: int, *, connects: bool) -> str:
    said: str = box.run("phases", url=_url(port))
    must(("connect 0.000000" not in said) is connects, f"the phase is not told: {said}")
    must("first 0.000000" in said, f"an answer came: {said}")
    return said


def _capture(box: Box, port: int) -> str:
    """What arrives at a port while a client tries the one that is dropped."""
    box.begin(f"sleep 2; curl -s -m 4 {_url(DROPPED)}")
    captured: str = box.run("arrives", as_root=True, port=port)
    return captured


def _waiting(box: Box) -> int:
    """Connections in the queue of the listener that does not accept."""
    rows = box.run("accept-queue", port=FULL).splitlines()[1:]
    return int(rows[0].split()[1]) if rows else 0


def _overflows(box: Box) -> int:
    return int(re.findall(r"TcpExtListenOverflows\s+(\d+)", box.run("overflows"))[0])
