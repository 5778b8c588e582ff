"""Times two commands in turn and compares them: median of the wall clock, and the largest process's memory.

Usage: measure.py ROUNDS NAME COMMAND… -- NAME COMMAND…   (the first is the program, the second its peer)
"""

import os
import statistics
import sys
import time


def once(command: list[str]) -> tuple[float, int]:
    """Seconds and MiB of one run, children included."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, used.ru_maxrss // 1024


def main() -> None:
    rounds, rest = int(sys.argv[1]), sys.argv[2:]
    cut = rest.index("--")
    sides = [(side[0], side[1:]) for side in (rest[:cut], rest[cut + 1 :])]
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name, _ in sides}
    for _ in range(rounds):
        for name, command in sides:
            runs[name].append(once(command))
    medians = {name: statistics.median(seconds for seconds, _ in found) for name, found in runs.items()}
    print("| pipeline | median s | slowest s | memory MiB |\n| --- | ---: | ---: | ---: |")
    for name, found in runs.items():
        print(f"| {name} | {medians[name]:.3f} | {max(s for s, _ in found):.3f} | {max(m for _, m in found)} |")
    ours, peer = (medians[name] for name, _ in sides)
    print(f"\nratio: {peer / ours:.1f} × ({rounds} rounds each, in turn)")


main()
