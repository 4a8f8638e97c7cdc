"""Seconds, processor time and peak memory of a stretch of work, for the manifest and the benchmarks."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

SAMPLE_SECONDS = 0.01


class Measurement:
    """Measures what happens inside a `with` block.

    Attributes
    ----------
    seconds : wall time of the block.
    cpu_seconds : processor time of all threads of this process during the block; a busy machine does not stretch it.
    peak_memory_mb : highest resident memory of this process seen during the block, in 10**6 bytes. It is sampled every
        10 ms and counts all of the process, so it says what a machine must hold, not what the block added.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0

    def __enter__(self) -> Self:
        import psutil

        self._process = psutil.Process()
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._start = time.perf_counter(), time.process_time()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._start[0]
        self.cpu_seconds = time.process_time() - self._start[1]
        self._done.set()
        self._watch.join()

    def to_json(self) -> dict[str, float]:
        """Seconds to the millisecond and memory to the megabyte."""
        return {
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "peak_memory_mb": round(self.peak_memory_mb),
        }

    def _sample(self) -> None:
        while True:
            self.peak_memory_mb = max(self.peak_memory_mb, self._process.memory_info().rss / 1e6)
            if self._done.wait(SAMPLE_SECONDS):
                return
