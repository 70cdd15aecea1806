# On a fresh machine with python3 (>= 3.11, with venv) and make, `make run` and `make test` set up what they need.
PYTHON ?= python3
BIN := .venv/bin
# The tests of one file share what they set up, so that a file is never split.
TWO_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder
# The lanes with real counterparts wait for clocks and servers most of the time, so that a third has room beside two.
THREE_AT_ONCE := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: help setup run serve test test-all gate bench cleaning lint dictionary lock clean

help:  ## Show these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/ready  ## Make the virtual environment from requirements.lock

# --no-deps, because the lock lists everything, and pip cannot check the hash of a version that it finds by itself.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (about a minute, once) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check --disable-pip-version-check
	@touch .venv/ready

run: setup  ## Run the main job on data/samples and show what it found
	@$(BIN)/swaps ingest data/samples

serve: setup  ## Start a Prefect server and a worker on loopback
	@$(BIN)/python -m flows.serve

test: setup  ## Run the tests
	@$(BIN)/python -m pytest $(TWO_AT_ONCE) -m "not counterparts and not corpora and not endurance"

test-all: setup .pywb/ready lint  ## Run linters, type checker and every test lane
	@$(BIN)/python -m pytest $(THREE_AT_ONCE) -m "not endurance$(if $(SWAPS_CORPORA),, and not corpora)"

# An environment of its own: the web archive that tests read from is no dependency of the project.
.pywb/ready: tests/counterparts/pywb.lock
	@echo "Setting up .pywb (about ten seconds, once) ..."
	@$(PYTHON) -m venv --clear .pywb
	@.pywb/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch .pywb/ready

gate: setup  ## Hold the reader against the hand-labelled articles: a table for each set and language, errors by kind
	@$(BIN)/python -m tests.gate

bench: setup .bench/ready  ## Measure the reader's speed beside spaCy's, and write tests/bench/results.md; test endurance
	@$(BIN)/python -m tests.bench.reading
	@$(BIN)/python -m pytest -m endurance

# An environment of its own: what the speed is compared with is no dependency of the project.
.bench/ready: tests/bench/requirements.lock
	@echo "Setting up .bench (about a minute, once) ..."
	@$(PYTHON) -m venv --clear .bench
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch .bench/ready

cleaning: setup .peers/ready  ## Measure the cleaning of real pages beside its peers, and write tests/bench/cleaning.md
	@$(BIN)/python -m tests.bench.cleaning

.peers/ready: tests/bench/peers.lock
	@echo "Setting up .peers (about a minute, once) ..."
	@$(PYTHON) -m venv --clear .peers
	@.peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch .peers/ready

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/mypy

dictionary: setup  ## Write the data dictionary anew from the schemas
	@$(BIN)/python -m tasks.publish.dictionary > data/DICTIONARY.md

lock:  ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --extra dev pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		tests/bench/requirements.in -o tests/bench/requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		tests/bench/peers.in -o tests/bench/peers.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		tests/counterparts/pywb.in -o tests/counterparts/pywb.lock

clean:  ## Remove what runs have made, but no source and no sample
	rm -rf data/archive data/warehouse data/published data/prefect
