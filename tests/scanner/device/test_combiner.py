"""Pictures of many askers share batches; each asker gets its own answers, whatever goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in_networks import Pixels, Summing, pictures

from scanner.device.combiner import Combined, Combiner


@pytest.fixture
def combiner() -> Iterator[Combiner]:
    with Combiner() as running:
        yield running


def test_pictures_of_all_askers_share_batches(combiner: Combiner) -> None:
    network = Summing()
    asked = [combiner.ask(network, pictures(n, n + 1)) for n in (10, 20, 30)]
    network.gate.set()
    assert [future.result(30) for future in asked] == [[20, 22], [40, 42], [60, 62]]
    # The first batch began with what was there; the others wait meanwhile and go together.
    assert sorted(value for batch in network.batches for value in batch) == [
        20,
        22,
        40,
        42,
        60,
        62,
    ]
    assert len(network.batches) <= 3


def test_only_pictures_of_one_kind_share_a_batch(combiner: Combiner) -> None:
    network = Summing()
    blocker = combiner.ask(network, pictures(1, size=1))
    asked = combiner.ask(network, [*pictures(1, 2, size=2), *pictures(1, 2, 3, 4, 5, size=3)])
    network.gate.set()
    assert blocker.result(30) == [1]
    assert asked.result(30) == [2, 4, 3, 6, 9, 12, 15]
    assert network.batches == [[1], [2, 4], [3, 6, 9, 12], [15]]


def test_networks_do_not_mix(combiner: Combiner) -> None:
    first, second = Summing(), Summing()
    asked = [combiner.ask(network, pictures(3)) for network in (first, second)]
    for network in (first, second):
        network.gate.set()
    assert [future.result(30) for future in asked] == [[6], [6]]
    assert first.batches == second.batches == [[6]]


@pytest.mark.parametrize(("room", "spared"), [(3, []), (1, []), (0, [2, 4, 6, 8])])
def test_without_memory_a_batch_is_halved_and_at_last_left_to_the_processor(
    combiner: Combiner, room: int, spared: list[int]
) -> None:
    network = Summing(room=room)
    asked = combiner.ask(network, pictures(1, 2, 3, 4))
    network.gate.set()
    assert asked.result(30) == [2, 4, 6, 8]
    assert network.spared == spared
    assert all(len(batch) <= room for batch in network.batches)


def test_a_bad_picture_fails_its_asker_alone(combiner: Combiner) -> None:
    network = Summing()
    blocker = combiner.ask(network, pictures(9, size=1))
    asked = [combiner.ask(network, pictures(*values)) for values in ((1,), (255,), (2, 3))]
    network.gate.set()
    blocker.result(30)
    assert asked[0].result(30) == [2]
    assert asked[2].result(30) == [4, 6]
    with pytest.raises(ValueError, match="cannot be looked at"):
        asked[1].result(30)


def test_a_device_that_fails_late_tells_all_its_askers(combiner: Combiner) -> None:
    class Late(Summing):
        def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[int]]:
            sums = super().begin(pictures)()

            def wait() -> list[int]:
                if 10 in sums:
                    raise RuntimeError("the device gave up")
                return sums

            return wait

    network = Late(limit=1)
    network.gate.set()
    with pytest.raises(RuntimeError, match="the device gave up"):
        combiner.ask(network, pictures(4, 5)).result(30)
    assert combiner.ask(network, pictures(6)).result(30) == [12]


def test_closing_does_not_wait_for_pictures_that_wait() -> None:
    network = Summing(limit=1)
    combiner = Combiner()
    with combiner:
        asked = [combiner.ask(network, pictures(n)) for n in range(100)]
        closing = threading.Thread(target=combiner.close)
        closing.start()
        while not combiner._closed:
            pass
        network.gate.set()
        closing.join(30)
    assert len(network.batches) <= 1
    cancelled = [future for future in asked if isinstance(future.exception(30), CancelledError)]
    assert len(cancelled) >= 99


def test_nothing_asked_is_answered_at_once(combiner: Combiner) -> None:
    assert Combined(combiner, Summing())([]) == []


@settings(max_examples=25, deadline=None)
@given(
    asked=st.lists(
        st.lists(st.tuples(st.integers(0, 254), st.integers(1, 3)), max_size=6), max_size=12
    ),
    limit=st.integers(1, 5),
    room=st.integers(0, 5),
)
def test_everyone_gets_their_own_answers(
    asked: list[list[tuple[int, int]]], limit: int, room: int
) -> None:
    network = Summing(limit=limit, room=room)
    network.gate.set()
    with Combiner() as combiner, ThreadPoolExecutor(4) as threads:
        wanted = [[np.full((1, size), value, dtype=np.uint8) for value, size in a] for a in asked]
        answers = list(threads.map(Combined(combiner, network), wanted))
    assert answers == [[value * size for value, size in a] for a in asked]
    assert all(len(batch) <= min(limit, room) for batch in network.batches)
