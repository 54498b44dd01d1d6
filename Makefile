# Each of these works as the first command ever typed in a fresh clone: Python >= 3.11 and make are enough, no root.
.DEFAULT_GOAL := help
.PHONY: help install demo test test-sqlite test-postgresql check bench fuzz acceptance lock clean

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
endif
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
LOCK := --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11
PIP := $(if $(UV),$(UV) pip --quiet,$(BIN)/python -m pip --quiet --disable-pip-version-check)
PIP_INSTALL := $(PIP) install $(if $(UV),--python $(BIN)/python)

help:  ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: .venv/.runtime  ## install what serving needs into .venv
	@echo "installed: $(BIN)/gongkai --help"

demo: .venv/.runtime  ## load the demo and serve it on http://127.0.0.1:8000
	$(BIN)/gongkai demo

test: test-sqlite test-postgresql  ## the whole suite on SQLite, then again on PostgreSQL when one answers

test-sqlite: .venv/.dev  ## the suite on SQLite
	GONGKAI_TEST_DATABASE_URL= $(BIN)/pytest -n auto
	GONGKAI_TEST_DATABASE_URL= GONGKAI_TEST_DEMO=1 $(BIN)/pytest -q tests/acceptance

test-postgresql: .venv/.dev  ## the suite on PostgreSQL, without the rooms that never touch a database
	$(BIN)/python -m tests.support.postgresql -n auto

check: .venv/.dev  ## format, lint, types, import contracts, migrations, Django's deploy checks, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.support.checks

bench: .venv/.dev  ## measured speeds, on SQLite and on PostgreSQL when one answers
	$(BIN)/python -m bench

fuzz: .venv/.dev  ## 100,000 mutated texts and pages, 3,000 documents, then 300 round trips of every layout
	$(BIN)/python -m tests.reading.fuzz
	GONGKAI_ROUND_TRIPS=300 $(BIN)/pytest -n auto tests/reading/test_round_trips.py

acceptance: .venv/.dev  ## every row of the seed checklist with the tests that prove it
	$(BIN)/python -m tests.support.acceptance

lock:  ## write the lock files anew from pyproject.toml (needs uv)
	$(or $(UV),uv) pip compile $(LOCK) --group build -o requirements.lock pyproject.toml
	$(or $(UV),uv) pip compile $(LOCK) --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@! grep -n '://' requirements.lock requirements-dev.lock || { echo 'a lock file names an address'; exit 1; }


clean:  ## remove .venv and caches; the data in var/ stays
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
ifneq ($(UV),)
	$(UV) venv --quiet --allow-existing --python $(or $(PYTHON),3.11) .venv
else ifeq ($(PYTHON),)
	@echo 'Python 3.11 or newer was not found (tried python3, python3.11 … python3.14, python). 没有找到 Python 3.11 或更新的版本；安装后再试，或写 make PYTHON=/路径/python3。' >&2; exit 2
else
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo '$(PYTHON) cannot make virtual environments: install python3-venv (Debian) or uv. $(PYTHON) 不能建立虚拟环境；请安装 python3-venv（Debian）或 uv。' >&2; exit 2; }
	$(PYTHON) -m venv .venv
endif

.venv/.runtime: .venv/bin/python requirements.lock pyproject.toml
ifeq ($(UV),)
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip > /dev/null
endif
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
