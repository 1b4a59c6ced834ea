"""The stages of a page: what goes wrong gets their name, who watches gets their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from scanner.errors import ScannerError, StageError


@dataclass(frozen=True, slots=True)
class Watch:
    """Seconds by stage; `entered` is told the name of each stage as it begins."""

    entered: Callable[[str], None]
    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(
    entered: Callable[[str], None] = lambda _: None, clock: Callable[[], float] = perf_counter
) -> Iterator[dict[str, float]]:
    """Time the stages inside; gives the seconds by stage, which fill as stages end."""
    watch = Watch(entered, clock)
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A stage of a page; whatever goes wrong in it becomes a `StageError` of its name."""
    watch = _watch.get()
    started = 0.0
    if watch is not None:
        watch.entered(name)
        started = watch.clock()
    try:
        yield
    except ScannerError:
        raise
    except Exception as error:
        raise StageError(name, f"{type(error).__name__}: {error}") from error
    finally:
        if watch is not None:
            spent = watch.clock() - started
            watch.seconds[name] = watch.seconds.get(name, 0.0) + spent
