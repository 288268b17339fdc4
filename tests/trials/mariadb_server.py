"""Servers of MariaDB in a box, each with a password for root."""

from __future__ import annotations

from box import Box, must

NEEDS = ("mariadbd", "mariadb-install-db", "mysql")
PASSWORD = "open-sesame"


def version(box: Box) -> str:
    said: str = box.sh("mariadbd --version")
    return "MariaDB " + said.split("Ver ")[1].split("-", maxsplit=1)[0]


def start(box: Box, port: int, *options: str) -> None:
    """A server on loopback; who does not give the password is refused from now on."""
    data = box.folder / f"data-{port}"
    login(box, "root", "")
    how = "--auth-root-authentication-method=normal --skip-test-db"
    box.sh(f"mariadb-install-db --no-defaults --datadir={data} {how}")
    box.start(
        "mariadbd", "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
        f"--socket={box.folder}/socket-{port}", f"--pid-file={box.folder}/pid-{port}",
        f"--log-error={box.folder}/error-{port}.log", "--skip-name-resolve", *options,
        ready=lambda: ask(box, port, "SELECT 1").strip() == "1",
    )  # fmt: skip
    ask(box, port, f"SET PASSWORD = PASSWORD('{PASSWORD}')")
    refused = ask(box, port, "SELECT 1")
    must("ERROR 1045" in refused, f"no password is wanted: {refused}")
    login(box, "root")


def login(box: Box, user: str, password: str = PASSWORD) -> None:
    """Who asks from now on, where no name is given."""
    box.write(".my.cnf", f"[client]\nuser={user}\npassword={password}\nprotocol=tcp\n")


def add_user(box: Box, port: int, name: str) -> None:
    """An application's account, with rights in a database of its name."""
    ask(
        box, port,
        f"CREATE DATABASE {name}; CREATE USER {name}@127.0.0.1 IDENTIFIED BY '{PASSWORD}'; "
        f"GRANT ALL ON {name}.* TO {name}@127.0.0.1",
    )  # fmt: skip


def ask(box: Box, port: int, sql: str, user: str = "root") -> str:
    said: str = box.sh(f'mysql -h 127.0.0.1 -P {port} -u {user} -Ne "{sql}"')
    return said


def stay(box: Box, port: int, user: str, sql: str) -> int:
    """A session that runs something and stays open; its number."""
    before = _sessions(box, port, user)
    box.begin(f'(echo "{sql};"; sleep 600) | mysql -n -h 127.0.0.1 -P {port} -u {user} -D {user}')
    box.until(lambda: len(_sessions(box, port, user) - before) == 1, what=f"{user} does not get in")
    [number] = _sessions(box, port, user) - before
    return int(number)


def _sessions(box: Box, port: int, user: str) -> set[str]:
    asked = f"SELECT id FROM information_schema.processlist WHERE user = '{user}'"
    return set(ask(box, port, asked).split())
