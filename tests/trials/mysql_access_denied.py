"""MariaDB refuses by password, host, nameless account, plugin and TLS in one message: all are told apart."""

from __future__ import annotations

import mariadb_server as server
from box import Box, must

GUIDE = "debugging/mysql-access-denied"
NEEDS = (*server.NEEDS, "sed")
RECOVERY = "apply"
SHOWS = (
    "SYM SYM->SENT SENT SENT->NONE NONE SYM->LIST LIST LIST->HOST HOST HOST->MAKE MAKE MAKE->OK "
    "LIST->ANON ANON ANON->DROP DROP DROP->OK LIST->PLUGIN PLUGIN LIST->WORD WORD WORD->SET SET SET->OK OK"
).split()
PORT = 3306
WHERE = {"host": "127.0.0.1", "port": PORT}
WORD = server.PASSWORD
version = server.version


def run(box: Box) -> None:
    server.start(box, PORT)
    server.add_user(box, PORT, "report")
    server.ask(
        box, PORT,
        "CREATE DATABASE shop; CREATE TABLE shop.t AS SELECT 7 AS i; "
        f"CREATE USER far@'10.9.%' IDENTIFIED BY '{WORD}'; GRANT SELECT ON shop.* TO far@'10.9.%'; "
        f"CREATE USER wide@'%' IDENTIFIED BY '{WORD}'; CREATE USER ''@127.0.0.1; "
        f"CREATE USER safe@127.0.0.1 IDENTIFIED BY '{WORD}' REQUIRE SSL; "
        "CREATE USER sock@127.0.0.1 IDENTIFIED VIA unix_socket; "
        "CREATE USER old@127.0.0.1 IDENTIFIED BY 'another'",
    )  # fmt: skip
    box.keep("the login of another", lambda: server.ask(box, PORT, "SELECT CURRENT_USER()", user="report"))
    box.keep("the rights of the administrator", lambda: server.ask(box, PORT, "SHOW GRANTS"))
    for user in ("far", "wide", "safe", "sock", "old"):
        box.sees(_refused(box, user))
    _unsent(box)
    _host(box)
    _nameless(box)
    must("unix_socket" in box.run("accounts", user="sock", **WHERE), "the plugin is not told")
    must("\tANY\t" in box.run("accounts", user="safe", **WHERE), "the demand for TLS is not told")
    _password(box)


def _unsent(box: Box) -> None:
    """The option file has no password; then it has."""
    server.login(box, "report")
    told = box.run("sent")
    must("--user=report" in told and WORD not in told, f"what is sent is told as {told}")
    box.write(".my.cnf", "[client]\nuser=report\nprotocol=tcp\n")
    must("password" not in box.run("sent"), "a password is told that is not there")
    said = box.sh(f"mysql -h 127.0.0.1 -P {PORT} -e 'SELECT 1'")
    must("(using password: NO)" in said, f"no password is told as {said}")
    box.sees(said)
    server.login(box, "root")


def _host(box: Box) -> None:
    """The account is there for another network; it is made for this host, with the same rights."""
    told = box.run("accounts", user="far", **WHERE)
    must("far\t10.9.%" in told, f"the other host is not told: {told}")
    made = box.run("definition", account="far@'10.9.%'", **WHERE).replace("`10.9.%`", "`127.0.0.1`")
    file = box.write("more.sql", "".join(f"{line};\n" for line in made.splitlines()))
    box.run("apply", statements=file, **WHERE)
    must(_who(box, "far") == "far@127.0.0.1\tfar@127.0.0.1", "another account is taken")
    must(server.ask(box, PORT, "SELECT i FROM shop.t", user="far").strip() == "7", "its rights are missing")


def _nameless(box: Box) -> None:
    """An account without a name stands before the right one."""
    _refused(box, "wide")
    must("\n\t127.0.0.1\t" in box.run("accounts", user="wide", **WHERE), "the nameless one is not told")
    box.run("drop-nameless", nameless_host="127.0.0.1", **WHERE)
    must(_who(box, "wide") == "wide@127.0.0.1\twide@%", "another account is taken")


def _password(box: Box) -> None:
    _refused(box, "old")
    box.write("word.sql", f"ALTER USER old@127.0.0.1 IDENTIFIED BY '{WORD}';\n")
    box.run("apply", statements="word.sql", **WHERE)
    must(_who(box, "old") == "old@127.0.0.1\told@127.0.0.1", "the new password is not taken")


def _refused(box: Box, user: str) -> str:
    said: str = server.ask(box, PORT, "SELECT 1", user=user)
    must(f"Access denied for user '{user}'@'127.0.0.1'" in said, f"{user} is told {said}")
    return said


def _who(box: Box, user: str) -> str:
    box.write("client.cnf", f"[client]\nuser={user}\npassword={WORD}\nprotocol=tcp\n")
    said: str = box.run("who-am-i", option_file="client.cnf", **WHERE)
    return said.strip()
