"""Simulates the readings of three devices and writes them as CSV beside this file.

What makes routes flap is put in on purpose: a fuel gauge that corrects itself, a loose plug, tunnels and masts along
a railway, a processor that is throttled and recovers every few seconds. An empty cell is a reading that failed. The
same script always writes the same files: `python3 make.py`.
"""

import csv
import math
import random
from pathlib import Path

COLUMNS = ["seconds", "battery", "charging", "celsius", "headroom", "throttled", "online", "metered", "link"]


def day_on_battery(chance: random.Random):
    """Ten hours away from the desk, from 08:00 on; a reading every 30 seconds."""
    charge, held, bias = 0.66, 0.66, 0.0
    for seconds in range(0, 10 * 3600, 30):
        hour = 8 + seconds / 3600
        plugged = 13.6 <= hour < 14.3
        # The plug of the café is loose.
        charging = plugged and chance.random() > 0.12
        busy = 0.6 if 12.2 <= hour < 13 else 1.0 + 0.5 * math.sin(seconds / 1900) ** 2
        charge += 0.45 * 30 / 3600 if charging else -0.078 * busy * 30 / 3600
        # The gauge drifts, corrects itself, and tells whole percents.
        bias = 0.9 * bias + chance.gauss(0, 0.004)
        held = min(1.0, max(0.02, charge + bias))
        celsius = 52 + 6 * math.sin(seconds / 2500) + chance.gauss(0, 1.5)
        yield {
            "seconds": seconds,
            "battery": "" if chance.random() < 0.01 else f"{held:.2f}",
            "charging": int(charging),
            "celsius": f"{celsius:.1f}",
            "headroom": f"{95 - celsius:.1f}",
            "throttled": 0,
            "online": 1,
            "metered": 0,
            "link": "wifi",
        }


def train_ride(chance: random.Random):
    """An hour on a train, over its free Wi-Fi where that works and over a phone where not; every 5 seconds."""
    tunnels = [(420, 470), (900, 1010), (1330, 1345), (1900, 2080), (2700, 2725), (3200, 3260)]
    on_phone = [(1010, 1500), (2300, 2700)]
    for seconds in range(0, 3600, 5):
        in_tunnel = any(begin <= seconds < end for begin, end in tunnels)
        near_tunnel = any(begin - 60 <= seconds < end + 60 for begin, end in tunnels)
        on_mobile = any(begin <= seconds < end for begin, end in on_phone)
        # Between two cells the network changes to and fro.
        if near_tunnel and chance.random() < 0.3:
            on_mobile = not on_mobile
        online = not in_tunnel and not (near_tunnel and chance.random() < 0.35) and chance.random() > 0.015
        battery = 0.66 - 0.12 * seconds / 3600
        yield {
            "seconds": seconds,
            "battery": f"{battery:.2f}",
            "charging": 0,
            "celsius": "55.0",
            "headroom": "40.0",
            "throttled": 0,
            "online": "" if chance.random() < 0.01 else int(online),
            "metered": int(on_mobile) if online else "",
            "link": ("mobile" if on_mobile else "wifi") if online else "",
        }


def fanless_laptop(chance: random.Random):
    """Forty minutes of work on a laptop without a fan, which is throttled at 95 degrees; every 5 seconds."""
    celsius = 48.0
    throttled = False
    for seconds in range(0, 40 * 60, 5):
        works = 120 <= seconds < 1500
        power = (9.0 if throttled else 17.0) if works else 3.0
        # A body with one capacity, which loses heat to a room of 24 degrees.
        celsius += 5 * (power * 0.062 - (celsius - 24) * 0.0125) + chance.gauss(0, 0.5)
        throttled = celsius > 95 if not throttled else celsius > 94
        yield {
            "seconds": seconds,
            "battery": "0.90",
            "charging": 1,
            "celsius": f"{celsius:.1f}",
            "headroom": f"{95 - celsius:.1f}",
            "throttled": int(throttled),
            "online": 1,
            "metered": 0,
            "link": "wifi",
        }


def main():
    """Writes all traces."""
    for seed, trace in enumerate([day_on_battery, train_ride, fanless_laptop]):
        path = Path(__file__).with_name(trace.__name__.replace("_", "-") + ".csv")
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(trace(random.Random(seed)))


if __name__ == "__main__":
    main()
