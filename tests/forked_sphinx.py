"""sphinx-build for tests: each run is a fork of this process, which has all imported that a build imports.

A small build takes less time than the imports before it. A request is a line of JSON: `words` (the command
line), `env`, and `files` (where output and errors go). The answer is the exit code. What draws is a process
of its own that imports this module again, so it imports nothing by itself.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

MODULES = (
    "sphinx.cmd.build",
    "myst_parser.sphinx_ext.main",
    "sphinxcontrib.mermaid",
    "sphinx_design",
    "furo",
    "atlas_sphinx",
)


def serve() -> None:
    builtin = importlib.import_module("sphinx.application").builtin_extensions
    for name in (*MODULES, *builtin):
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(**json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def run(words: list[str], env: dict[str, str], files: list[str]) -> None:
    """Build, and end as sphinx-build does."""
    for number, name in enumerate((os.devnull, *files)):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["sphinx-build", *words]
    sys.exit(importlib.import_module("sphinx.cmd.build").main(words))


if __name__ == "__main__":
    serve()
