"""Times two commands in turn and compares them: median of the wall clock, and the largest process's memory.

Usage: measure.py ROUNDS NAME COMMAND… -- NAME COMMAND…   (the first is the program, the second its peer)
"""

import os
import resource
import statistics
import sys
import time


def once(command: list[str]) -> tuple[float, int]:
    """Seconds and MiB of one run, children included."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        code = os.spawnvp(os.P_WAIT, command[0], command)
        used = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 1) // 1024
        os.write(PIPE[1], f"{code} {used}\n".encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds = time.perf_counter() - start
    code, used = os.read(PIPE[0], 100).split()
    if int(code) != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, int(used)


PIPE = os.pipe()


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
