"""Pictures of many pages, put together into batches for a device.

A picture is whatever a network looks at at once: pixels, a page in a slot, a file. Whoever has
pictures asks and waits; whatever waits when the device has room is put into batches
of one size and run. So nobody waits for a batch to fill: the busier the device, the larger its
batches. One thread begins batches, another waits for their results, so that a few are under way
at any time and what the device does for one overlaps what the processor does for others.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import torch

AHEAD = 2
"""So many batches are under way at a time besides the one whose results are waited for."""

log = logging.getLogger(__name__)


class BatchNetwork(Protocol):
    """A network that takes several pictures at once."""

    def kind(self, picture: Any) -> Hashable:
        """Pictures of one kind can share a batch."""
        ...

    def most(self, picture: Any) -> int:
        """How many pictures of this one's kind a batch may have."""
        ...

    def begin(self, pictures: Sequence[Any]) -> Callable[[], Sequence[Any]]:
        """Begin a batch of one kind; what comes back waits for its results, one a picture.

        Raises `torch.OutOfMemoryError` where the device has no room for it.
        """
        ...

    def elsewhere(self, picture: Any) -> Any:
        """The result for a picture that the device has no room for, computed by the processor."""
        ...


@dataclass(slots=True, eq=False)
class _Request:
    """Pictures that were asked about together."""

    future: Future[list[Any]]
    answers: list[Any]
    missing: int

    def answer(self, index: int, answer: Any) -> None:
        self.answers[index] = answer
        self.missing -= 1
        if not self.missing and not self.future.done():
            self.future.set_result(self.answers)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """One picture of a request."""

    request: _Request
    index: int
    network: BatchNetwork
    picture: Any


@dataclass(slots=True, eq=False)
class Combiner:
    """Runs the networks of one device for any number of askers; a context manager."""

    _waiting: OrderedDict[Hashable, deque[_Item]] = field(default_factory=OrderedDict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False
    _begun: queue.Queue[tuple[list[_Item], Callable[[], Sequence[Any]]] | None] = field(
        default_factory=lambda: queue.Queue(AHEAD)
    )
    _threads: list[threading.Thread] = field(default_factory=list)

    def ask(self, network: BatchNetwork, pictures: Sequence[Any]) -> Future[list[Any]]:
        """What the network sees in each picture; they must not change until that is known.

        The future raises what the network raises, and `CancelledError` after `close`.
        """
        future: Future[list[Any]] = Future()
        request = _Request(future, [None] * len(pictures), len(pictures))
        if not pictures:
            future.set_result([])
            return future
        with self._changed:
            if self._closed:
                raise CancelledError
            for index, picture in enumerate(pictures):
                kind = (id(network), network.kind(picture))
                waiting = self._waiting.setdefault(kind, deque())
                waiting.append(_Item(request, index, network, picture))
            self._changed.notify()
        return future

    def close(self) -> None:
        """End: what has begun is finished, what has not is cancelled."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        for work in (self._begin_batches, self._finish_batches):
            self._threads.append(threading.Thread(target=work, name=work.__name__, daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin_batches(self) -> None:
        while (items := self._next()) is not None:
            self._begin(items)
        self._begun.put(None)
        with self._changed:
            left = [item for items in self._waiting.values() for item in items]
            self._waiting.clear()
        for item in left:
            item.request.fail(CancelledError())

    def _next(self) -> list[_Item] | None:
        """The next batch: pictures of the kind that waits longest; None when it is time to end."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            kind, waiting = next(iter(self._waiting.items()))
            most = max(1, waiting[0].network.most(waiting[0].picture))
            items = [waiting.popleft() for _ in range(min(most, len(waiting)))]
            if waiting:
                self._waiting.move_to_end(kind)
            else:
                del self._waiting[kind]
            return items

    def _begin(self, items: list[_Item]) -> None:
        """Begin a batch; in halves where that fails, down to what fails by itself."""
        network = items[0].network
        half = len(items) // 2
        try:
            wait = network.begin([item.picture for item in items])
        except torch.OutOfMemoryError:
            if half:
                log.debug("no room for %d pictures: in halves", len(items))
            else:
                log.debug("no room for a picture: it goes to the processor")
                picture = items[0].picture
                self._begun.put((items, lambda: [network.elsewhere(picture)]))
                return
        except Exception as error:  # whatever it is, it may be one picture's fault
            if not half:
                items[0].request.fail(error)
                return
        else:
            self._begun.put((items, wait))
            return
        self._begin(items[:half])
        self._begin(items[half:])

    def _finish_batches(self) -> None:
        while (begun := self._begun.get()) is not None:
            items, wait = begun
            try:
                answers = wait()
            except Exception as error:  # the askers are told, and others go on
                for item in items:
                    item.request.fail(error)
                continue
            for item, answer in zip(items, answers, strict=True):
                item.request.answer(item.index, answer)


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """A network whose pictures share batches with those of all others that ask the combiner."""

    combiner: Combiner
    network: BatchNetwork

    def __call__(self, pictures: Sequence[Any]) -> list[Any]:
        """What the network sees in each picture; raises what it raises."""
        return self.combiner.ask(self.network, pictures).result()
