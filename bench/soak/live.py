"""The Live API of a soak as a process of its own: it knows the lines of several calls, and fails by a seed."""

import argparse
import asyncio
from pathlib import Path

from bench.soak.plan import with_faults
from telephony.simulator.live_api.command import run
from telephony.simulator.scenario import load

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--share", required=True, type=float)
    asked = parser.parse_args()
    calls = with_faults([load(folder) for folder in asked.folders], asked.seed, asked.share)
    asyncio.run(run(calls, key=asked.key, out=asked.out))
