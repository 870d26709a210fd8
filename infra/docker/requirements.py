"""Writes what a pyproject.toml depends on, a line each, so that it can be installed before the project is there."""

import sys
import tomllib
from pathlib import Path

sys.stdout.write("\n".join(tomllib.loads(Path(sys.argv[1]).read_text("utf-8"))["project"]["dependencies"]) + "\n")
