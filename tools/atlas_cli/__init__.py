"""The `atlas` command, one module a verb. It imports the core (`atlas`) only and reads no MyST."""

from __future__ import annotations

import argparse

from atlas import __version__


def main(argv: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="atlas", description="Reads and checks a production atlas.")
    parser.add_argument("--version", action="version", version=f"atlas {__version__}")
    parser.parse_args(argv)
    parser.print_help()
    return 0
