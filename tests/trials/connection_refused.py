"""Nobody listens, then on loopback only, then behind a firewall that rejects: each is told and mended."""

from __future__ import annotations

import re
import socket
import subprocess

from box import Box, must

GUIDE = "debugging/connection-refused"
NEEDS = ("bash", "curl", "getent", "ip", "nft", "nstat", "python3", "ss", "timeout")
RECOVERY = "start it on the address of its clients"
SHOWS = (
    "SYM SYM->ADDR ADDR ADDR->SS SS SS->NONE NONE NONE->START START SS->LOCAL LOCAL LOCAL->BIND BIND "
    "BIND->OK SS->WALL WALL WALL->RULE RULE RULE->OK OK"
).split()
HERE, PORT, NEIGHBOUR = "192.0.2.10", 9301, 9300
RULES = (
    "table inet guard {{ chain input {{ type filter hook input priority 0; tcp dport {} counter {}; }}; }}"
)


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    subprocess.run(["ip", "addr", "add", f"{HERE}/32", "dev", "lo"], check=True)
    _serve(box, HERE, NEIGHBOUR)
    box.keep(
        "a neighbour", lambda: box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' http://{HERE}:{NEIGHBOUR}")
    )
    _nobody(box)
    _loopback_only(box)
    _firewall(box)
    _left_behind(box)


def _nobody(box: Box) -> None:
    for client in (
        f"curl -sS http://{HERE}:{PORT}",
        f"python3 -c 'import socket; socket.create_connection((\"{HERE}\", {PORT}))'",
        f'node -e \'require("net").connect({PORT}, "{HERE}")\'',
    ):
        box.sees(box.sh(client))
    box.run("resolves-to", host="localhost")
    must("Connection refused" in box.run("opens", address=HERE, port=PORT), "it is not refused")
    box.run("proof", matches=False, address=HERE, port=PORT)
    must(_rows(box) == 0, "somebody listens")


def _loopback_only(box: Box) -> None:
    server = _serve(box, "127.0.0.1", PORT)
    must("127.0.0.1" in box.run("listeners", port=PORT), "the address of the listener is not told")
    must(str(server.pid) in box.run("listeners", port=PORT), "its process is not told")
    must("open" in box.run("opens", address="127.0.0.1", port=PORT), "it does not open on loopback")
    box.run("proof", matches=False, address=HERE, port=PORT)
    if box.does(RECOVERY):
        server.kill()
        server.wait()
        _serve(box, HERE, PORT)
    box.run("proof", address=HERE, port=PORT)


def _firewall(box: Box) -> None:
    """The same word from a firewall: with ICMP, which the client counts, and with a reset, which is not."""
    for answer, words, counts in (
        ("reject", "Connection refused", True),
        ("reject with tcp reset", "Connection refused", False),
        ("reject with icmp type admin-prohibited", "No route to host", True),
    ):
        box.sh(f"nft '{RULES.format(PORT, answer)}'", as_root=True)
        must(_rows(box) == 1, "the listener is not told")
        before = _count(box)
        said = box.sh(f"timeout 5 bash -c 'echo open 3<>/dev/tcp/{HERE}/{PORT}'")
        must(words in said, f"{answer} is told as {said}")
        must((_count(box) > before) is counts, f"{answer} is counted otherwise")
        must(str(PORT) in box.run("reject-rules", as_root=True), "the rule is not told")
        box.run("proof", matches=False, address=HERE, port=PORT)
        box.sh("nft delete table inet guard", as_root=True)
        box.run("proof", address=HERE, port=PORT)


def _left_behind(box: Box) -> None:
    path = box.folder / "left.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        must(str(path) in box.run("socket-listeners", socket=path), "who listens at the path is not told")
    must(path.exists(), "the file is gone with its process")
    must(str(path) not in box.run("socket-listeners", socket=path), "a file without a process listens")


def _serve(box: Box, address: str, port: int) -> subprocess.Popen[str]:
    server: subprocess.Popen[str] = box.start(
        "python3", "-m", "http.server", str(port), "--bind", address,
        ready=lambda: f"{address}:{port}" in box.sh("ss -ltn"),
    )  # fmt: skip
    return server


def _rows(box: Box) -> int:
    return len(box.run("listeners", port=PORT).splitlines()) - 1


def _count(box: Box) -> int:
    return int(re.findall(r"IcmpInDestUnreachs\s+(\d+)", box.run("icmp-answers"))[0])
