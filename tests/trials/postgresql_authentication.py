"""PostgreSQL refuses logins by secret and by rule: its log tells them apart; secret and rule are set."""

from __future__ import annotations

import os
from pathlib import Path

import postgresql_server as server
from box import Box, must

GUIDE = "debugging/postgresql-authentication"
NEEDS = ("psql", "openssl")
RECOVERY = "load"
SHOWS = (
    "SYM SYM->LOG LOG LOG->WRONG WRONG LOG->ROLE ROLE ROLE->SET SET SET->OK SYM->RULES RULES "
    "RULES->ADDR ADDR ADDR->NARROW NARROW NARROW->LOAD RULES->STALE STALE STALE->LOAD LOAD LOAD->OK OK"
).split()
SETTINGS = "ssl = on\nssl_cert_file = '{folder}/own.pem'\nssl_key_file = '{folder}/own.key'\n"
WHERE = {"host": "127.0.0.1", "port": 5432}
ROLES = {
    "app": "LOGIN PASSWORD '{word}'",
    "report": "LOGIN PASSWORD '{word}'",
    "expired": "LOGIN PASSWORD '{word}' VALID UNTIL '2020-01-01'",
    "bare": "LOGIN",
    "old": "LOGIN PASSWORD '{word}'",
}
DETAILS = {
    "expired": "has an expired password",
    "bare": "has no password assigned",
    "old": "does not have a valid SCRAM secret",
    "ghost": "does not exist",
}
version = server.version


def run(box: Box) -> None:
    box.sh("openssl req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.pem -subj /CN=localhost")
    server.create(box, SETTINGS.format(folder=box.folder))
    server.start(box)
    for role, how in ROLES.items():
        kind = "SET password_encryption = 'md5'; " if role == "old" else ""
        box.sh(f'psql -X -c "{kind}CREATE ROLE {role} {how.format(word=server.PASSWORD)}"')
    box.sh("createdb shop")
    box.keep("the login of another", lambda: _login(box, "report"))
    box.keep(
        "the role of another",
        lambda: box.sh("psql -XAt -c \"SELECT rolpassword FROM pg_authid WHERE rolname = 'report'\""),
    )
    _secrets(box)
    _rules(box)


def _secrets(box: Box) -> None:
    """One message for the client, a detail for each cause in the log."""
    log = box.folder / "log"
    box.sees(_login(box, "app", PGPASSWORD="another"))
    told = box.run("detail", server_log=log)
    must("Connection matched" in told.splitlines()[-1], f"the rule is not told: {told}")
    for line in log.read_text().splitlines():
        if "FATAL" in line:
            box.sees(line)
    for role, detail in DETAILS.items():
        said = _login(box, role)
        must(f'password authentication failed for user "{role}"' in said, f"{role} is told {said}")
        told = box.run("detail", server_log=log)
        must(detail in told, f"{detail} is not told: {told}")
    must("| md5" in box.run("role", role="old"), "an old secret is not told")
    must("| none" in box.run("role", role="bare"), "a missing password is not told")
    box.run("role", matches=False, role="ghost")
    for role in ("old", "bare", "expired"):
        _types(box, server.PASSWORD, server.PASSWORD)
        box.run("set-password", role=role)
        if role == "expired":
            must("expired" not in _login(box, "report") and "FATAL" in _login(box, role), "it has no end")
            box.run("new-end", role=role, end="infinity")
        box.run("proof", role=role, database="postgres", sslmode="prefer", **WHERE)


def _rules(box: Box) -> None:
    """A rule for encrypted clients of one database; a faulty line keeps the old rules; then a narrow one."""
    file = box.run("file").strip()
    keep = "host all keeper,report 127.0.0.1/32 scram-sha-256\n"
    _write(file, f"{keep}hostssl shop app 127.0.0.1/32 scram-sha-256\n")
    box.sh("psql -X -c 'SELECT pg_reload_conf()'")
    wanted = {"role": "app", "database": "postgres", "sslmode": "disable", **WHERE}
    box.until(lambda: "no pg_hba.conf entry" in _login(box, "app"), what="the old rules are in force")
    box.run("proof", matches=False, **wanted)
    said = box.sh('psql -X "user=app dbname=postgres sslmode=disable" -c "SELECT 1"')
    must("no encryption" in said, f"the missing encryption is not told: {said}")
    box.sees(said)
    must(
        "no pg_hba.conf entry" in box.run("detail", server_log=box.folder / "log"), "the log does not tell it"
    )
    said = box.sh('psql -X "user=report replication=true" -c IDENTIFY_SYSTEM')
    must("no pg_hba.conf entry for replication connection" in said, f"all holds for replication: {said}")
    box.sees(said)
    box.run("proof", role="app", database="shop", sslmode="require", **WHERE)
    box.run("proof", matches=False, role="app", database="shop", sslmode="disable", **WHERE)
    narrow = "host postgres app 127.0.0.1/32 scram-sha-256\n"
    _write(file, f"{keep}hosst a b c d\n{narrow}")
    must("invalid connection type" in box.run("rules"), "the faulty line is not told")
    box.run("faulty", matches=False)
    box.run("load")
    box.run("proof", matches=False, **wanted)
    _write(file, f"{keep}{narrow}")
    box.run("faulty")
    must("{postgres}" in box.run("rules"), "the new rule is not listed")
    box.run("proof", matches=False, **wanted)
    box.run("load")
    box.sh("sleep 1")
    box.run("proof", **wanted)


def _login(box: Box, role: str, **env: str) -> str:
    said: str = box.sh(f"psql -XAt -w -U {role} -d postgres -c 'SELECT current_user'", **env)
    return said


def _write(file: str, text: str) -> None:
    Path(file).write_text(text)


def _types(box: Box, *lines: str) -> None:
    """What somebody types at the next prompt: without a terminal, psql asks its input."""
    typed = os.open(box.write("typed", "".join(f"{line}\n" for line in lines)), os.O_RDONLY)
    os.dup2(typed, 0)
    os.close(typed)
