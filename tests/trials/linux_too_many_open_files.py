"""A server at its limit of descriptors: it is given room without a restart, and accepts again."""

from __future__ import annotations

import textwrap

from box import Box, TrialError, must

GUIDE = "debugging/linux-too-many-open-files"
NEEDS = ("python3", "prlimit", "lsof", "ss")
RECOVERY = "give-room"
SHOWS = (
    "SYM SYM->WORDS WORDS WORDS->LIM LIM LIM->PROC PROC PROC->TYPES TYPES INO LOAD->NOW NOW NOW->OK OK"
).split()
SERVER = """
import socket, time
listener = socket.create_server(("127.0.0.1", 8080), backlog=200)
kept = []
while True:
    try:
        kept.append(listener.accept())
    except OSError as error:
        print(error, flush=True)
        time.sleep(0.5)
"""
CLIENT = """
import socket, time
opened = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(60)]
for one in opened[:20]:
    one.close()
time.sleep(600)
"""
WATCHER = """
    import ctypes, os, time

    libc = ctypes.CDLL(None, use_errno=True)
    while libc.inotify_init() >= 0:
        pass
    open("watched", "w").write(os.strerror(ctypes.get_errno()))
    time.sleep(600)
    """


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    pid = _serve(box)
    bystander = box.start("sleep", "600", ready=lambda: True).pid
    box.keep("limit of another process", lambda: box.sh(f"prlimit -n -p {bystander}"))
    (box.folder / "client.py").write_text(textwrap.dedent(CLIENT))
    box.start("python3", box.folder / "client.py", ready=lambda: "Too many open files" in _log(box))
    box.sees(_log(box))
    box.run("limit", pid=pid)
    box.run("count", pid=pid)
    box.run("kinds", pid=pid)
    box.run("sockets", pid=pid)
    _look_around(box, pid)
    box.run("give-room", pid=pid, soft=4096)
    box.run("limit", pid=pid)
    before = len(_log(box))
    box.until(
        lambda: int(box.sh(f"ls /proc/{pid}/fd | wc -l")) > 60, seconds=5, what="it does not accept again"
    )
    if len(_log(box)) > before + 100:
        raise TrialError("the log still grows")


def _look_around(box: Box, pid: int) -> None:
    """The limits of the machine, and a process that watches files until its user may not."""
    box.run("system")
    box.run("kernel-limits")
    must(f"/proc/{pid}/fd" in box.run("holders"), "the server is not among the holders")
    box.write("watch.py", WATCHER)
    watcher = box.start("python3", "watch.py", ready=lambda: "Too many open files" in _out(box, "watched"))
    must(f"/proc/{watcher.pid}/fd" in box.run("inotify-holders"), "who watches is not told")
    watcher.kill()


def _out(box: Box, name: str) -> str:
    path = box.folder / name
    text: str = path.read_text() if path.exists() else ""
    return text


def _serve(box: Box) -> int:
    (box.folder / "server.py").write_text(textwrap.dedent(SERVER))
    limits = "ulimit -S -n 40; ulimit -H -n 4096; exec python3 server.py > server.log"
    server = box.start("bash", "-c", limits, ready=lambda: ":8080" in box.sh("ss -ltn"))
    return int(server.pid)


def _log(box: Box) -> str:
    return _out(box, "server.log")
