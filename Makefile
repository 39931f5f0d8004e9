# Tolk: `make run` translates a dump, `make test` runs the tests; both set up what they need first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TOLK   := $(BIN)/tolk
# The locks are complete and hashed, so --no-deps installs them as they stand: argostranslate's torch stays out.
LOCKED := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps

IN   ?= docs/example
OUT  ?= out
ARGS ?=
# Tests of several files at once, one process a core; ARGS="-n 0" runs them one by one.
TESTS := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal
# A file of TOLK_… settings for `make nightly`; IN and OUT given to make win over TOLK_IN and TOLK_OUT.
SETTINGS ?= $(wildcard tolk.env)

.DEFAULT_GOAL := help
.PHONY: help setup run nightly test torture consumers cluster bench docs lint types format check lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run.stamp: requirements.lock requirements-build.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tolk needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(LOCKED) --require-hashes --requirement requirements-build.lock
	$(LOCKED) --require-hashes --requirement requirements.lock --no-build-isolation
	$(LOCKED) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(LOCKED) --require-hashes --requirement requirements-dev.lock --no-build-isolation
	@touch $@

$(VENV)/docs.stamp: requirements-docs.lock $(VENV)/run.stamp
	$(LOCKED) --require-hashes --requirement requirements-docs.lock --no-build-isolation
	@touch $@

$(VENV)/consumers.stamp: requirements-consumers.lock $(VENV)/dev.stamp
	$(LOCKED) --require-hashes --requirement requirements-consumers.lock --no-build-isolation
	@touch $@

$(VENV)/ray.stamp: requirements-ray.lock $(VENV)/dev.stamp
	$(LOCKED) --require-hashes --requirement requirements-ray.lock --no-build-isolation
	@touch $@

setup: $(VENV)/run.stamp ## bring up .venv with the locked dependencies

run: $(VENV)/run.stamp ## translate IN into OUT (default: the example dump into out/)
	$(TOLK) run $(IN) --out $(OUT) $(ARGS)

# What make was not given: a value of the settings, and without any the example; settings that lack it are refused.
from_settings = $(if $(filter-out file,$(origin $1)),$($1),$${TOLK_$1:$(if $(SETTINGS),?$(lacking),-$($1))})
lacking = $(SETTINGS) does not say it. Set it there, in quotes if it holds spaces, or give make $1=

nightly: $(VENV)/run.stamp ## translate what is new in IN into OUT; for cron, with SETTINGS from a file
	@set -ae; $(if $(SETTINGS),. "$(abspath $(SETTINGS))";) set +ae; \
	$(TOLK) run $(call from_settings,IN) --out "$(call from_settings,OUT)" --incremental --no-progress $(ARGS)

test: $(VENV)/dev.stamp ## run the tests, on all cores
	$(TESTS) $(ARGS)

bench: $(VENV)/dev.stamp ## time Tolk, Argos's own loop, CTranslate2's limit, and the libraries of the stages
	$(BIN)/python benchmarks/speed.py $(ARGS)
	$(BIN)/python benchmarks/stages.py

torture: $(VENV)/dev.stamp ## kill runs 200 times at random moments and compare what they end with
	$(BIN)/python benchmarks/torture.py $(ARGS)

consumers: $(VENV)/consumers.stamp ## run the tests that need pandas, polars, DuckDB, pyarrow, datasets (another 200 MB)
	$(TESTS) -m consumers $(ARGS)

docs: $(VENV)/docs.stamp ## build the site from docs/ into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet $(ARGS)

cluster: $(VENV)/ray.stamp ## run the tests on a Ray cluster of two nodes on this machine (another 500 MB)
	$(BIN)/python -m pytest tests/test_cluster.py $(ARGS)

lint: $(VENV)/dev.stamp ## look for what ruff finds wrong
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp ## check types with mypy
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint types test ## lint, types and tests: what a change must pass

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --upgrade --quiet
lock: ## write the lock files anew (needs uv)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra test --extra lint --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra test --extra downstream --constraint requirements-dev.lock --output-file requirements-consumers.lock
	$(LOCK) --extra docs --constraint requirements-dev.lock --output-file requirements-docs.lock
	$(LOCK) --extra test --extra ray --constraint requirements-consumers.lock --output-file requirements-ray.lock
	printf 'editables\nhatchling\nsetuptools\n' | $(subst pyproject.toml,-,$(LOCK)) --output-file requirements-build.lock

clean: ## remove .venv, out/, dist/, site/ and the caches of the tools
	rm -rf $(VENV) out dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
