"""MariaDB closes what idles or sends too much, a session is ended: each is told, and the work passes."""

from __future__ import annotations

import re

import mariadb_server as server
from box import Box, must

GUIDE = "debugging/mysql-gone-away"
NEEDS = server.NEEDS
RECOVERY = "raise-packet"
SHOWS = (
    "SYM SYM->LIMITS LIMITS LIMITS->LOG LOG LOG->IDLE IDLE LOG->BIG BIG LOG->CUT "
    "BIG->RAISE RAISE RAISE->OK OK"
).split()
PORT = 3306
WHERE = {"host": "127.0.0.1", "port": PORT}
SIZE = 3_000_000
version = server.version


def run(box: Box) -> None:
    server.start(box, PORT, "--wait-timeout=2", "--interactive-timeout=2", "--max-allowed-packet=1M")
    for user in ("app", "report"):
        server.add_user(box, PORT, user)
    server.ask(box, PORT, "CREATE TABLE app.t (x longblob); CREATE TABLE report.t AS SELECT 1 AS i")
    box.keep("the data of another", lambda: server.ask(box, PORT, "SELECT i FROM report.t"))
    box.write("large.sql", f"INSERT INTO t VALUES ('{'x' * SIZE}');\n")
    box.sees(_idle(box, "SELECT 1"))
    must("ERROR" in _large(box), "a large statement passes")
    box.sees(_killed(box))
    must("wait_timeout\t2" in box.run("limits", **WHERE), "the limit is not told")
    log = box.folder / f"error-{PORT}.log"
    told = box.run("reasons", error_log=log)
    for words in (
        "user: 'app' host: '127.0.0.1' (Got timeout",
        "user: 'app' host: '127.0.0.1' (Got a packet",
    ):
        must(words in told, f"{words} is not told: {told}")
    for line in log.read_text().splitlines():
        if "user: 'app'" in line:
            box.sees(line)
    must(
        "2" in _idle(box, "SET SESSION wait_timeout = 60").splitlines(),
        "a longer time of its own does not help",
    )
    box.run("sessions", **WHERE)
    box.run("raise-packet", bytes=67_108_864, **WHERE)
    before = box.run("aborted", **WHERE)
    said = _large(box)
    must(not said.strip(), f"the large statement fails still: {said[-200:]}")
    must(server.ask(box, PORT, "SELECT LENGTH(x) FROM app.t").strip() == str(SIZE), "it is not stored")
    must(_aborted(before) == _aborted(box.run("aborted", **WHERE)), "clients are aborted still")


def _idle(box: Box, first: str) -> str:
    """A session that idles for longer than the server allows, between its first statement and `SELECT 2`."""
    client = f"mysql -nN --skip-reconnect -h 127.0.0.1 -P {PORT} -u app"
    said: str = box.sh(f"(echo '{first};'; sleep 4; echo 'SELECT 2;') | {client}")
    return re.sub(r" at line \d+", "", said)


def _large(box: Box) -> str:
    """The error of a large statement: 1153, 2006 or 2013, whichever the client reads first."""
    client = f"mysql --max-allowed-packet=64M -h 127.0.0.1 -P {PORT} -u app -D app"
    said: str = box.sh(f"{client} < large.sql 2>&1 | cut -c1-300 | grep ERROR")
    return said


def _killed(box: Box) -> str:
    """What a session says whose statement is ended with it."""
    waiter = box.begin(f"mysql -h 127.0.0.1 -P {PORT} -u app -e 'SELECT SLEEP(30)'")
    asked = "SELECT id FROM information_schema.processlist WHERE user = 'app' AND command = 'Query'"
    box.until(lambda: bool(server.ask(box, PORT, asked).strip()), what="nothing runs")
    server.ask(box, PORT, f"KILL {server.ask(box, PORT, asked).strip()}")
    said = waiter.communicate(timeout=20)[0]
    must("ERROR 2013" in said, f"a session that is ended says {said}")
    return re.sub(r" at line \d+", "", said)


def _aborted(told: str) -> str:
    return next(line for line in told.splitlines() if line.startswith("Aborted_clients"))
