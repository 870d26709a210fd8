#!/bin/sh
# Installs the project and one of its extras into .venv: `install.sh PYTHON WHAT`, as `install.sh python3 '.[dev]'`.
set -eu
python=$1
what=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $python is $("$python" --version). Try: make PYTHON=python3.13 ..." >&2
    exit 1
}
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$("$python" -c 'import sys; print(sys.executable)')" .venv
    uv pip install --quiet --python .venv/bin/python --constraint constraints.txt --editable "$what"
else
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$what"
fi
