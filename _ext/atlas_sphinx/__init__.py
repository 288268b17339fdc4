"""Sphinx adapters of the atlas: the domain, its directives, drawings, pages and navigation."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from atlas import __version__

from . import assets, config, csp, data_builder, directives, domain, finder, navigation, pdf, show


def setup(app: Sphinx) -> dict[str, Any]:
    """List the rooms; each one's own `setup` says what stands in it."""
    config.register(app)
    app.connect("config-inited", config.check)
    for room in (domain, directives, show, navigation, assets, csp, data_builder, finder, pdf):
        room.setup(app)
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
