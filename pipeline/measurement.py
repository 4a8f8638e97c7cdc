"""Seconds, processor time and peak memory of a stretch of work, for the manifest and the benchmarks."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import psutil

SAMPLE_SECONDS = 0.01
LOOK_SECONDS = 1.0  # between looks for processes that were started meanwhile: each takes some milliseconds


class Measurement:
    """Measures what happens inside a `with` block.

    Parameters
    ----------
    started_too : whether processes that this one has started, such as Spark's Java, count with it.

    Attributes
    ----------
    seconds : wall time of the block.
    cpu_seconds : processor time of all threads during the block; a busy machine does not stretch it.
    peak_memory_mb : highest resident memory seen during the block, in 10**6 bytes. It is sampled every 10 ms and at the
        end, and counts all of the process, so it says what a machine must hold, not what the block added.
    held_memory_mb : resident memory at the end of the block, never above the peak.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    held_memory_mb: float = 0.0

    def __init__(self, *, started_too: bool = False) -> None:
        self._started_too = started_too

    def __enter__(self) -> Self:
        import psutil

        self._process = psutil.Process()
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._start = time.perf_counter(), self._processor_seconds()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._start[0]
        self.cpu_seconds = self._processor_seconds() - self._start[1]
        self._done.set()
        self._watch.join()

    def to_json(self) -> dict[str, float]:
        """Seconds to the millisecond and memory to the megabyte."""
        return {
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "peak_memory_mb": round(self.peak_memory_mb),
        }

    def _processor_seconds(self) -> float:
        spent = time.process_time()
        for process in self._started():
            with _may_have_ended():
                times = process.cpu_times()
                spent += times.user + times.system
        return spent

    def _started(self) -> list[psutil.Process]:
        return self._process.children(recursive=True) if self._started_too else []

    def _sample(self) -> None:
        started, looked = self._started(), time.perf_counter()
        ended = False
        while not ended:
            ended = self._done.wait(SAMPLE_SECONDS)  # what was taken since the look before must count, too
            held = self._process.memory_info().rss
            for process in started:
                with _may_have_ended():
                    held += process.memory_info().rss
            self.held_memory_mb = held / 1e6
            self.peak_memory_mb = max(self.peak_memory_mb, self.held_memory_mb)
            if self._started_too and time.perf_counter() - looked > LOOK_SECONDS:
                started, looked = self._started(), time.perf_counter()


@contextlib.contextmanager
def _may_have_ended() -> Iterator[None]:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        yield
