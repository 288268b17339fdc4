"""A session of MariaDB forgot its transaction; others wait for its row, then for its table: it is ended."""

from __future__ import annotations

import re
import subprocess

import mariadb_server as server
from box import Box, must

GUIDE = "debugging/mysql-lock-wait"
NEEDS = server.NEEDS
RECOVERY = "end-holder"
PORT = 3306
WHERE = {"host": "127.0.0.1", "port": PORT}
version = server.version


def run(box: Box) -> None:
    server.start(box, PORT, "--innodb-lock-wait-timeout=3")
    for user in ("app", "report"):
        server.add_user(box, PORT, user)
        server.ask(box, PORT, f"CREATE TABLE {user}.t (i int PRIMARY KEY, j int) AS SELECT 1 AS i, 1 AS j")
    other = server.stay(box, PORT, "report", "BEGIN; UPDATE t SET j = 2")
    box.keep("an open transaction of another", lambda: _lives(box, other))
    _rows(box)
    _table(box)
    box.run("waits-now", **WHERE)


def _rows(box: Box) -> None:
    """A row that is held."""
    holder = server.stay(box, PORT, "app", "BEGIN; UPDATE t SET j = 5 WHERE i = 1")
    box.sees(
        server.ask(box, PORT, "UPDATE app.t SET j = 6 WHERE i = 1", user="app").replace(" at line 1", "")
    )
    waiter = _wait(box, "UPDATE app.t SET j = 6 WHERE i = 1", "LOCK WAIT")
    told = box.run("row-waits", **WHERE)
    found = re.findall(r"blocker: (\d+)", told)
    must(found == [str(holder)], f"the holder {holder} is not told: {told}")
    must(f"blocking_pid: {holder}" in box.run("row-waits-sys", **WHERE), "sys does not tell the holder")
    box.run("transactions", **WHERE)
    box.run("end-holder", holder_id=holder, **WHERE)
    said = waiter.communicate(timeout=20)[0]
    must(not said.strip(), f"who waited for the row is told {said}")
    must(server.ask(box, PORT, "SELECT j FROM app.t").strip() == "6", "the work that waited is not done")


def _table(box: Box) -> None:
    """A table that was only read, and is to be altered."""
    reader = server.stay(box, PORT, "app", "BEGIN; SELECT * FROM t")
    alter = "SET lock_wait_timeout = 15; ALTER TABLE app.t ADD k int"
    waiter = _wait(box, alter, "Waiting for table metadata lock")
    told = box.run("table-waits", **WHERE)
    must(
        re.search(rf"(?m)^{reader}\tapp\t.*Sleep", told) is not None,
        f"the reader {reader} is not told: {told}",
    )
    box.run("end-holder", holder_id=reader, **WHERE)
    said = waiter.communicate(timeout=20)[0]
    must(not said.strip(), f"who waited for the table is told {said}")


def _wait(box: Box, sql: str, state: str) -> subprocess.Popen[str]:
    """A statement that waits in that state."""
    waiter: subprocess.Popen[str] = box.begin(f'mysql -h 127.0.0.1 -P {PORT} -u app -e "{sql}"')
    waits = (
        "SELECT state FROM information_schema.processlist "
        "UNION SELECT trx_state FROM information_schema.innodb_trx"
    )
    box.until(lambda: state in server.ask(box, PORT, waits), what="nobody waits")
    box.sh("sleep 0.3")  # the server tells of transactions from a copy, renewed ten times a second
    return waiter


def _lives(box: Box, number: int) -> str:
    asked = f"SELECT trx_started FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = {number}"
    said: str = server.ask(box, PORT, asked)
    return said
