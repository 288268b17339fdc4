"""What a layout is told: boxes, the links between them and the frames around them, all of known size.

A link runs from its upper to its lower end, whichever way its arrow points. An end is the id of a box or of a
frame. Sizes are in px.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Block:
    """A box: how far it reaches to the left and right of its middle, its height, the frame that holds it.

    `low` and `high` bound where lines may leave it, from its middle.
    """

    id: str
    left: float
    right: float
    height: float
    frame: str = ""
    low: float = 0.0
    high: float = 0.0

    @property
    def width(self) -> float:
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two ends, and the size of the words on it (0, 0 where there are none)."""

    id: str
    upper: str
    lower: str
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with the size of its title; `around` is the frame that holds it."""

    id: str
    around: str = ""
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A drawing, or a part of one that hangs together, in the author's order."""

    blocks: Mapping[str, Block]
    links: tuple[Link, ...]
    frames: Mapping[str, Frame]

    def around(self, name: str) -> tuple[str, ...]:
        """The frames around a box or a frame, the outermost first; without itself."""
        within = self.blocks[name].frame if name in self.blocks else self.frames[name].around
        return (*self.around(within), within) if within else ()

    def members(self, name: str) -> list[str]:
        """The boxes that an end stands for: itself, or all within a frame."""
        if name in self.blocks:
            return [name]
        return [block for block in self.blocks if name in self.around(block)]

    @property
    def depth(self) -> int:
        """How many frames lie in each other."""
        return max((len(self.around(frame)) + 1 for frame in self.frames), default=0)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each box that has to stand above another, with that one."""
        for link in self.links:
            yield from (
                (upper, lower) for upper in self.members(link.upper) for lower in self.members(link.lower)
            )

    def parts(self) -> list[Plan]:
        """What hangs together by links or frames, each for itself, in the author's order."""
        home = {name: name for name in self.blocks}

        def find(name: str) -> str:
            while home[name] != name:
                home[name] = home[home[name]]
                name = home[name]
            return name

        bound = [*self.pairs(), *((a, b) for frame in self.frames for a, b in self._neighbours(frame))]
        for a, b in bound:
            home[find(b)] = find(a)
        heads = dict.fromkeys(find(name) for name in self.blocks)
        return [self._part({name for name in self.blocks if find(name) == head}) for head in heads]

    def _neighbours(self, frame: str) -> Iterator[tuple[str, str]]:
        inside = self.members(frame)
        return pairwise(inside)

    def _part(self, names: set[str]) -> Plan:
        frames = {frame for name in names for frame in self.around(name)}
        return Plan(
            {name: block for name, block in self.blocks.items() if name in names},
            tuple(link for link in self.links if names.issuperset(self.members(link.upper))),
            {name: frame for name, frame in self.frames.items() if name in frames},
        )
