"""Live preview: builds the site, serves it, and reloads the browser when a page or ledger changes.

It runs sphinx-autobuild with doctrees of its own, so that the build in build/html stays as it is.

Examples:
  atlas serve
  atlas serve --port 8080 --open
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace

from atlas_cli.layouts import find_project
from atlas_cli.project import Project
from atlas_cli.terminal import RefusalError, Terminal


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port; 0 finds a free one (8000)")
    parser.add_argument("--open", action="store_true", help="open a browser")
    parser.add_argument("--print", action="store_true", help="print the command and do not run it")


def run(args: Namespace, terminal: Terminal) -> int:
    """The exit code of the server."""
    if not 0 <= args.port <= 65535:
        raise RefusalError(f"{args.port} is no port", "0 to 65535")
    project = find_project(args.where)
    command = make_command(project, args)
    if args.print or args.json:
        terminal.say(json.dumps(command) if args.json else " ".join(command))
        return 0
    if not _is_installed():
        raise RefusalError("sphinx-autobuild is not installed", "pip install sphinx-autobuild")
    terminal.flush()
    return subprocess.run(command, cwd=project.conf, check=False).returncode


def make_command(project: Project, args: Namespace) -> list[str]:
    """What serves the site of a project."""
    build = project.builds
    command = [sys.executable, "-m", "sphinx_autobuild", "--host", args.host, "--port", str(args.port)]
    command += ["--open-browser"] if args.open else []
    command += ["--ignore", str(build / "*"), "--watch", str(project.conf / "conf.py")]
    command += ["-b", "html", "-j", "auto", "-d", str(build / "doctrees" / "serve")]
    return [*command, "-c", str(project.conf), str(project.source), str(build / "serve")]


def _is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("sphinx_autobuild") is not None
