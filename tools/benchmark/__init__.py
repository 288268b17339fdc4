"""Rooms of `tools/bench.py`: the sites that are built, how a run is measured, and the binder.

Nothing here is part of the engine or of the `atlas` command.
"""
