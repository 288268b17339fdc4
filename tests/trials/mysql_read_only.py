"""A write reaches a replica of MariaDB and is refused; the old primary is closed and the replica opened."""

from __future__ import annotations

import mariadb_server as server
from box import Box, must

GUIDE = "debugging/mysql-read-only"
NEEDS = server.NEEDS
RECOVERY = "open"
SHOWS = "SYM SYM->WHO WHO WHO->ON ON REPL SOLE SOLE->DATA DATA DATA->OPEN OPEN OPEN->OK OK".split()
PORTS = (3306, 3307)
version = server.version


def run(box: Box) -> None:
    for port in PORTS:
        server.start(box, port, f"--server-id={port}", "--log-bin=bin")
    _replicate(box)
    for port in PORTS:
        sum_of = "CHECKSUM TABLE bystander.keep"
        box.keep(f"bystander at {port}", lambda port=port, sum_of=sum_of: server.ask(box, port, sum_of))
    replica = {"host": "127.0.0.1", "port": 3307}
    servers = " ".join(f"127.0.0.1:{port}" for port in PORTS)
    box.sees(server.ask(box, 3307, "INSERT INTO app.t VALUES (5)", user="app").replace(" at line 1", ""))
    server.login(box, "app")
    box.run("who", **replica)
    box.run("follows", matches=False, **replica)
    server.login(box, "root")
    box.run("follows", **replica)
    open_now = box.run("writable", servers=servers).split()[2::3]
    must(open_now == ["0", "1"], "not exactly one server accepts writes")
    box.run("close", old_host="127.0.0.1", old_port=3306)
    box.until(lambda: _position(box, 3306) == _position(box, 3307), what="the replica does not catch up")
    box.run("positions", **replica)
    server.ask(box, 3307, "STOP SLAVE; RESET SLAVE ALL")
    box.run("open", **replica)
    open_now = box.run("writable", servers=servers).split()[2::3]
    must(open_now == ["1", "0"], "not exactly one server accepts writes")
    said = server.ask(box, 3307, "INSERT INTO app.t VALUES (6)", user="app")
    must(not said, f"the write is still refused: {said}")


def _replicate(box: Box) -> None:
    server.add_user(box, 3306, "app")
    server.ask(
        box, 3306,
        f"CREATE USER repl@127.0.0.1 IDENTIFIED BY '{server.PASSWORD}'; "
        "GRANT REPLICATION SLAVE ON *.* TO repl@127.0.0.1; CREATE TABLE app.t (i int); "
        "CREATE DATABASE bystander; "
        "CREATE TABLE bystander.keep AS SELECT 1 AS i UNION SELECT 2 UNION SELECT 3",
    )  # fmt: skip
    server.ask(
        box, 3307,
        "CHANGE MASTER TO master_host='127.0.0.1', master_port=3306, master_user='repl', "
        f"master_password='{server.PASSWORD}', master_use_gtid=slave_pos; "
        "START SLAVE; SET GLOBAL read_only=1",
    )  # fmt: skip
    count = "SELECT count(*) FROM bystander.keep"
    box.until(lambda: server.ask(box, 3307, count).strip() == "3", what="nothing is replicated")


def _position(box: Box, port: int) -> str:
    return str(server.ask(box, port, "SELECT @@gtid_current_pos")).strip()
