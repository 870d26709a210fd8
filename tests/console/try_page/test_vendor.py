"""vendor.js is what it says it is: built again out of the pinned versions it has the same bytes."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from telephony.console.pages import STATIC

VENDOR = Path(__file__).parents[3] / "infra" / "vendor"
BUNDLE = STATIC / "vendor.js"
BUILD_WITHIN = 180


def test_it_is_built_again_byte_for_byte(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("there is no npm here, which the bundle is built with")
    npm = subprocess.run(["npm", "ping"], cwd=tmp_path, capture_output=True, text=True, timeout=BUILD_WITHIN)
    if npm.returncode:
        pytest.skip("npm reaches no registry here")
    again = tmp_path / "vendor.js"
    subprocess.run([VENDOR / "build.sh", again], check=True, timeout=BUILD_WITHIN)
    assert again.read_bytes() == BUNDLE.read_bytes()


def test_its_licences_name_the_versions_that_are_in_it() -> None:
    pinned = json.loads((VENDOR / "package.json").read_text(encoding="utf-8"))["dependencies"]
    head = BUNDLE.read_text(encoding="utf-8").partition(";")[0]
    for name, version in pinned.items():
        assert f"{name} {version}".lower() in head.lower()


def test_no_version_is_a_range_and_no_registry_is_named() -> None:
    package = json.loads((VENDOR / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert '"resolved"' not in (VENDOR / "package-lock.json").read_text(encoding="utf-8")
