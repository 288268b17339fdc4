"""Sphinx adapters of the atlas: the domain, its directives, drawings, pages and navigation."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from atlas import __version__
from atlas_sphinx.binder import pdf
from atlas_sphinx.site import assets, csp, feedback, navigation, show

from . import (
    alone,
    command_directive,
    config,
    data_builder,
    directives,
    domain,
    fences,
    freshness,
    guards,
    links,
    memory,
    parses,
    scope,
    sealing,
    slips,
    timeline_directive,
    translated,
    warned,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """List the rooms; each one's own `setup` says what stands in it."""
    config.register(app)
    app.connect("config-inited", config.check)
    read = (
        alone,
        domain,
        scope,
        links,
        directives,
        command_directive,
        timeline_directive,
        fences,
        guards,
        slips,
        translated,
    )
    again = (memory, parses, freshness, warned, sealing)
    rooms = (*read, *again, show, navigation, assets, csp, data_builder, feedback, pdf)
    for room in rooms:
        room.setup(app)
    return {
        "version": __version__,
        "env_version": 4,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
