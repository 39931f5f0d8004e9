"""What a dump would take on a cluster: a simulation of windows on their way through translators and one driver.

Each window goes to the next translator that is free, may lose its node and begin again, and is committed by the driver
in input order, while no more windows are under way than a run allows. The figures that it starts from are options, and
are printed with the result. What a core and the driver take was measured, as docs/scaling.md tells; all else is
assumed, a GPU's rate above all.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
from typing import Final, NamedTuple

AHEAD: Final = 3
"""Windows under way for each translator, as in a run."""
WINDOW: Final = 200_000
"""Characters of a window, as in a run."""
CORE_RATE: Final = 28_000
"""Characters a second that a node of one core got through, Swedish, greedy, all stages and Ray's own work counted."""
DRIVER_SECONDS: Final = 0.060
"""Of a core, that the driver takes for a window."""
SAMPLE: Final = 20_000
"""Windows that are simulated; a dump has more of the same."""


class Kind(NamedTuple):
    """What translates, and what it costs."""

    name: str
    rate: float
    """Characters a second that one translator gets through, all stages counted."""
    a_node: int
    """Translators on a node."""
    price: float
    """Of a node, an hour."""
    translators: int
    """Wanted at once."""


class Assumed(NamedTuple):
    """What the plan starts from."""

    terabytes: float
    window: int
    driver: float
    """Seconds of the driver for a window."""
    losses: float
    """Nodes lost, each hundred node hours."""
    spread: float
    """Standard deviation of a window's time, as a share of it."""


def simulate(windows: int, translators: int, seconds: float, assumed: Assumed) -> float:
    """Give the seconds that windows take, from the first one sent to the last one committed."""
    chance = random.Random(windows)  # noqa: S311 - repeatable, no secret
    loss = assumed.losses / 100 / 3600  # of a translator's node, a second
    free = [0.0] * translators
    ends: list[float] = []
    committed = 0.0
    commits: list[float] = []
    for number in range(windows):
        open_at = commits[number - AHEAD * translators] if number >= AHEAD * translators else 0.0
        begin = max(heapq.heappop(free), open_at)
        took = max(0.1, chance.gauss(1, assumed.spread)) * seconds
        while chance.random() < 1 - math.exp(-loss * took):
            begin += chance.random() * took + 30  # until the loss is noticed and another translator has begun
        heapq.heappush(free, begin + took)
        ends.append(begin + took)
        committed = max(committed, ends[-1]) + assumed.driver
        commits.append(committed)
    return committed


def plan(kind: Kind, assumed: Assumed) -> str:
    """Draw up one kind of cluster: as many runs side by side as keep their drivers free to breathe."""
    seconds = assumed.window / kind.rate
    most = max(1, int(0.7 * seconds / assumed.driver))  # translators that one driver can keep busy
    runs = max(1, math.ceil(kind.translators / most))
    each = math.ceil(kind.translators / runs)
    taken = simulate(SAMPLE, each, seconds, assumed)
    efficiency = SAMPLE * seconds / each / taken
    windows = assumed.terabytes * 1e12 / assumed.window
    hours = windows * seconds / (runs * each) / efficiency / 3600
    nodes = math.ceil(runs * each / kind.a_node)
    return (
        f"| {kind.name} | {runs * each} | {nodes} | {runs} | {efficiency:.0%} | {hours:.1f} | {nodes * hours:,.0f} | "
        f"{nodes * hours * kind.price:,.0f} |"
    )


def print_plan(arguments: list[str] | None = None) -> None:
    """Print the assumptions and the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--terabytes", type=float, default=1.0, help="of text, most of it to translate")
    parser.add_argument("--core-rate", type=float, default=CORE_RATE, help="characters a second, one core")
    parser.add_argument("--gpu-rate", type=float, default=400_000, help="characters a second, one GPU")
    parser.add_argument("--core-node", type=float, nargs=2, default=(16, 0.70), help="cores of a node, price an hour")
    parser.add_argument("--gpu-node", type=float, nargs=2, default=(1, 1.00), help="GPUs of a node, price an hour")
    parser.add_argument("--cores", type=int, default=512, help="at once")
    parser.add_argument("--gpus", type=int, default=16, help="at once")
    parser.add_argument("--driver", type=float, default=DRIVER_SECONDS, help="of the driver for a window")
    parser.add_argument("--losses", type=float, default=1.0, help="nodes lost in a hundred node hours")
    asked = parser.parse_args(arguments)
    assumed = Assumed(asked.terabytes, WINDOW, asked.driver, asked.losses, 0.25)
    kinds = [
        Kind("CPU", asked.core_rate, int(asked.core_node[0]), asked.core_node[1], asked.cores),
        Kind("GPU", asked.gpu_rate, int(asked.gpu_node[0]), asked.gpu_node[1], asked.gpus),
    ]
    print(f"{assumed.terabytes:g} TB of text, a byte a character; windows of {assumed.window:,} characters.")
    print(f"Measured: a core {asked.core_rate:,.0f} characters/s; the driver {assumed.driver:g} s a window.")
    print(f"Assumed: a GPU {asked.gpu_rate:,.0f} characters/s; nodes lost in 100 node hours: {assumed.losses:g};")
    print(", ".join(f"a node of {kind.a_node} × {kind.name} {kind.price:.2f} an hour" for kind in kinds) + ".")
    print()
    print("| kind | translators | nodes | runs side by side | busy | hours | node hours | cost |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in kinds:
        print(plan(kind, assumed))


if __name__ == "__main__":
    print_plan()
