"""What goes into a drawing and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from atlas.records.model import Plane


@dataclass(frozen=True, slots=True)
class DrawJob:
    """What is to be drawn: Mermaid with its values filled in.

    `planes` says where nodes and groups belong, by id; `links` are the ids of nodes that are to be links,
    `broken` those of nodes that broke. `paper` draws tightly, for print.
    """

    id: str
    text: str
    title: str
    description: str
    planes: tuple[tuple[str, Plane], ...] = ()
    links: tuple[str, ...] = ()
    paper: bool = False
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was read and is drawn otherwise or not at all.

    `kind` says what `id` is: that of a node or group, the number of an edge from 0, words; empty of the view.
    """

    kind: str
    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished SVG, its size in px, and what it lacks."""

    svg: str
    width: float
    height: float
    losses: tuple[Loss, ...] = ()
