# Two commands for a newcomer: `make demo` and `make test`. Both need Python 3.11+ and make, and install the rest.

PYTHON ?= python3
CALLS ?= fixtures/calls
MINUTES ?= 5
BIN := .venv/bin

.PHONY: demo test setup lint types format serve fixtures bench soak vendor check-infra clean

demo: .venv/.ok            ## Play one interpreted call: no account, no internet
	$(BIN)/telephony demo $(DEMO)

test: .venv/.dev           ## Run every test
	@# Each file in one process: some share a service, or a folder that is installed once.
	$(BIN)/python -m pytest -n auto --dist loadfile -k 'not sockets' $(TESTS)
	@# Whole calls in real time, by themselves: they share the machine with nothing but each other.
	$(BIN)/python -m pytest -k sockets $(TESTS) || [ $$? -eq 5 ]

setup: .venv/.ok           ## Make .venv with the telephony command

serve: .venv/.ok           ## Take real calls (settings from the environment or .env)
	$(BIN)/telephony serve

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fixtures: .venv/.fixtures  ## Speak the recordings of the fixture calls anew
	$(BIN)/python -m fixtures.speech $(CALLS)

bench: .venv/.dev          ## Print what the audio path costs and how it sounds
	$(BIN)/python -m bench.audio

soak: .venv/.dev           ## Calls with random faults over real sockets: make soak MINUTES=10
	$(BIN)/python -m bench.soak --minutes $(MINUTES) $(SOAK)

vendor:                    ## Build the pages' one library bundle anew, byte for byte (needs npm)
	infra/vendor/build.sh

check-infra:               ## Check everything in infra/, without a cluster or a docker engine
	infra/check.sh

# uv where it is on PATH, else venv and pip; the versions are those of constraints.txt either way.
.venv/.ok: pyproject.toml constraints.txt
	infra/install.sh $(PYTHON) .
	@touch $@

.venv/.dev: .venv/.ok
	infra/install.sh $(PYTHON) '.[dev]'
	@touch $@

.venv/.fixtures: .venv/.ok
	infra/install.sh $(PYTHON) '.[fixtures]'
	npm pack --silent kokoro-js@1.2.1 --pack-destination .venv
	@touch $@

clean:
	rm -rf .venv demo-call replays build *.egg-info
