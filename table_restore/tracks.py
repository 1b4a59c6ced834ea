"""Tracks: rulings of one direction that share a position, as far as a grid is concerned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from table_restore.ruling import Ruling

_SAME = 0.45  # rulings closer than this many text heights are one
_SAME_IN_TURN = 0.6  # the same for one that begins where the other has ended: a line may lean


@dataclass(frozen=True, slots=True)
class Track:
    """A grid line's place, and the stretches (start, end) along which it is ruled.

    `drawn` are those stretches that are lines, not edges of a shade.
    """

    position: float
    ruled: tuple[tuple[float, float], ...]
    drawn: tuple[tuple[float, float], ...]

    def covers(self, start: float, end: float) -> float:
        """The share of a stretch that is ruled, 0 to 1."""
        return _share(self.ruled, start, end)

    def draws(self, start: float, end: float) -> float:
        """The share of a stretch along which a line is drawn, 0 to 1."""
        return _share(self.drawn, start, end)

    @property
    def length(self) -> float:
        return sum(b - a for a, b in self.ruled)


def find_tracks(rulings: Sequence[Ruling], horizontal: bool, text_height: float) -> list[Track]:
    """The tracks of one direction, in order of position."""
    lines = sorted((r for r in rulings if r.horizontal == horizontal), key=lambda r: r.position)
    clusters: list[list[Ruling]] = []
    for line in lines:
        if clusters and _continues(clusters[-1], line, text_height):
            clusters[-1].append(line)
        else:
            clusters.append([line])
    return [_track(cluster, text_height) for cluster in clusters]


def _continues(cluster: Sequence[Ruling], line: Ruling, text_height: float) -> bool:
    """Whether a line is one with a cluster to its left or above it.

    A line that leans drifts from piece to piece: where none is beside another the nearest counts.
    """
    apart = [max(line.start - r.end, r.start - line.end) for r in cluster]
    if min(apart) < 0:
        return line.position - _mean(cluster) <= _SAME * text_height
    nearest = cluster[apart.index(min(apart))]
    return line.position - nearest.position <= _SAME_IN_TURN * text_height


def _mean(cluster: Sequence[Ruling]) -> float:
    total = sum(r.length for r in cluster)
    return sum(r.position * r.length for r in cluster) / total


def _track(cluster: Sequence[Ruling], text_height: float) -> Track:
    drawn = [r for r in cluster if r.drawn]
    gap = 0.3 * text_height
    return Track(_mean(drawn or cluster), _stretches(cluster, gap), _stretches(drawn, gap))


def _stretches(rulings: Sequence[Ruling], gap: float) -> tuple[tuple[float, float], ...]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted((r.start, r.end) for r in rulings):
        if merged and start - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _share(stretches: Sequence[tuple[float, float]], start: float, end: float) -> float:
    if end <= start:
        return 0.0
    covered = sum(max(0.0, min(b, end) - max(a, start)) for a, b in stretches)
    return covered / (end - start)
