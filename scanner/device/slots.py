"""Places of one size, handed out and taken back: the buffers that pictures travel in.

Which are free is kept in a tree of bitmaps, a word of 64 bits for 64 words below it, so that a
free one among n is found in log64(n) steps and nothing is allocated.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

WORD = 64


class BitmapTree:
    """Numbers from 0 below `size`, each either free or taken; the lowest free one goes first."""

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"a tree of {size} numbers")
        self.size = size
        self.free = size
        self._levels = [_full(size)]
        while len(self._levels[0]) > 1:
            self._levels.insert(0, _full(len(self._levels[0])))

    def take(self) -> int | None:
        """A free number, which is taken from now on; None where there is none."""
        if not self._levels[0][0]:
            return None
        place = 0
        for level in self._levels:
            word = level[place]
            place = place * WORD + (word & -word).bit_length() - 1
        number = place
        for level in reversed(self._levels):
            place, bit = divmod(place, WORD)
            level[place] &= ~(1 << bit)
            if level[place]:
                break
        self.free -= 1
        return number

    def give(self, number: int) -> None:
        """Make a number free again; raises `ValueError` for one that is not taken."""
        if not 0 <= number < self.size or self.is_free(number):
            raise ValueError(f"{number} was not taken")
        place = number
        for level in reversed(self._levels):
            place, bit = divmod(place, WORD)
            before = level[place]
            level[place] |= 1 << bit
            if before:
                break
        self.free += 1

    def is_free(self, number: int) -> bool:
        """Whether a number below `size` is free."""
        place, bit = divmod(number, WORD)
        return bool(self._levels[-1][place] >> bit & 1)


class SlotsClosedError(Exception):
    """No slots are handed out any more."""


class Slots:
    """The numbers of slots, for any number of threads; who finds none waits.

    Waiting is the back-pressure: whoever fills slots is held up by whoever empties them.
    """

    def __init__(self, count: int) -> None:
        self._tree = BitmapTree(count)
        self._changed = threading.Condition()
        self._closed = False

    @property
    def free(self) -> int:
        """How many slots are free."""
        with self._changed:
            return self._tree.free

    def acquire(self, timeout: float | None = None) -> int:
        """A slot; waits for one, so many seconds at the most.

        Raises `TimeoutError`, and `SlotsClosedError` as soon as `close` is called.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while not self._closed:
                slot = self._tree.take()
                if slot is not None:
                    return slot
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError(f"no slot was free within {timeout:g} s")
                self._changed.wait(left)
            raise SlotsClosedError

    def release(self, slot: int) -> None:
        """Hand a slot back; raises `ValueError` for one that is not out."""
        with self._changed:
            self._tree.give(slot)
            self._changed.notify()

    def close(self) -> None:
        """Hand out no more; who waits is told. Slots that are out can still be handed back."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @contextmanager
    def lease(self, timeout: float | None = None) -> Iterator[int]:
        """A slot while the block lasts; raises what `acquire` raises."""
        slot = self.acquire(timeout)
        try:
            yield slot
        finally:
            self.release(slot)


def _full(bits: int) -> list[int]:
    """Words with so many bits set, from the lowest on."""
    words, rest = divmod(bits, WORD)
    return [2**WORD - 1] * words + ([2**rest - 1] if rest else [])
