"""Slots are handed out once, come back whole, and wake who waits for them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from scanner.device.slots import BitmapTree, Slots, SlotsClosedError


class TreeMachine(RuleBasedStateMachine):
    """The tree against a set of the numbers that are out."""

    @initialize(size=st.sampled_from([1, 2, 63, 64, 65, 127, 128, 129, 4096, 4097, 5000]))
    def start(self, size: int) -> None:
        self.tree = BitmapTree(size)
        self.out: set[int] = set()

    @rule(count=st.integers(1, 200))
    def take(self, count: int) -> None:
        for _ in range(count):
            number = self.tree.take()
            if number is None:
                assert len(self.out) == self.tree.size
                return
            assert number not in self.out
            assert number == next(n for n in range(self.tree.size) if n not in self.out)
            self.out.add(number)

    @precondition(lambda self: self.out)
    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        numbers = data.draw(st.lists(st.sampled_from(sorted(self.out)), unique=True))
        for number in numbers:
            self.tree.give(number)
            self.out.remove(number)

    @rule(number=st.integers(-2, 5001))
    def give_what_is_not_out(self, number: int) -> None:
        if number not in self.out:
            with pytest.raises(ValueError, match="was not taken"):
                self.tree.give(number)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.tree.free == self.tree.size - len(self.out)
        assert all(not self.tree.is_free(number) for number in self.out)


TestTree = TreeMachine.TestCase
TestTree.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_a_tree_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a tree of 0 numbers"):
        BitmapTree(0)


def test_many_threads_never_share_a_slot() -> None:
    slots, inside = Slots(3), [0, 0, 0]

    def use(_: int) -> None:
        with slots.lease() as slot:
            inside[slot] += 1
            assert inside[slot] == 1
            threading.Event().wait(1e-4)
            inside[slot] -= 1

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(use, range(400)))
    assert slots.free == 3


def test_who_waits_gets_the_slot_that_comes_back() -> None:
    slots = Slots(1)
    slot = slots.acquire()
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(slots.acquire, 30) for _ in range(2)]
        assert not any(future.done() for future in waiting)
        slots.release(slot)
        slots.release(_first(waiting))
        assert {future.result(timeout=30) for future in waiting} == {0}
    assert slots.free == 0


def _first(waiting: list) -> int:  # type: ignore[type-arg]
    from concurrent.futures import FIRST_COMPLETED, wait

    done, _ = wait(waiting, timeout=30, return_when=FIRST_COMPLETED)
    return int(done.pop().result())


def test_waiting_ends_after_its_time_and_when_slots_are_closed() -> None:
    slots = Slots(1)
    slot = slots.acquire()
    with pytest.raises(TimeoutError, match=r"within 0\.01 s"):
        slots.acquire(0.01)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slots.acquire)
        slots.close()
        with pytest.raises(SlotsClosedError):
            waiting.result(timeout=30)
    slots.release(slot)
    with pytest.raises(SlotsClosedError):
        slots.acquire()
    assert slots.free == 1


def test_a_slot_is_handed_back_when_its_user_fails() -> None:
    slots = Slots(1)
    with pytest.raises(RuntimeError), slots.lease():
        raise RuntimeError
    assert slots.free == 1
    with pytest.raises(ValueError, match="was not taken"):
        slots.release(0)
