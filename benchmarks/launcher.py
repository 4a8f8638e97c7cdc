"""Starts one command and writes its cost to a file. Kept bare on purpose: a process counts the memory of the one that
started it as its own peak until it has replaced it, so the starter must be small.
"""

import os
import subprocess
import sys
import time


def main(cost_file: str, *command: str) -> int:
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    bytes_each = 1 if sys.platform == "darwin" else 1024
    with open(cost_file, "w") as stream:  # noqa: PTH123 - pathlib would weigh
        stream.write(f"{seconds} {usage.ru_maxrss * bytes_each / 1e6} {usage.ru_utime + usage.ru_stime}")
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
