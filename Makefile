# Two commands: `make run` and `make test`. Both install what they need into .venv from the lock file.
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check bench lock migration clean chromium servers

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
UV_VERSION := 0.13.9
JOBS ?= 2

help: ## Show these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Sightline needs Python 3.11 or newer: none was found on PATH. Install it, or say make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -C editable_mode=compat -e .
	@$(BIN)/python -m compileall -q core jobs components pages app.py
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.installed ## Set up .venv with everything that the app needs

install-dev: .venv/.installed-dev ## … and with what the tests and checks need

run: install ## Start Sightline (REPO=/path/to/a/clone reads that repository too)
	@exec $(BIN)/sightline up $(if $(REPO),--repo "$(REPO)")

chromium:
	@command -v chromium >/dev/null 2>&1 || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			echo "Installing Chromium for the browser tests …"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
		else echo "The browser tests need Chromium. On Debian and Ubuntu: sudo apt-get install chromium"; exit 1; fi; }

# program:package of every server that tests start for themselves, and of what runs there
SERVERS := mariadbd:mariadb-server prometheus:prometheus sshd:openssh-server sudo:sudo dovecot:dovecot-imapd

servers:
	@for pair in $(SERVERS); do \
		PATH="$$PATH:/usr/sbin" command -v "$${pair%%:*}" >/dev/null 2>&1 && continue; package="$${pair##*:}"; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			echo "Installing $$package for the tests …"; apt-get update -qq && apt-get install -y -qq --no-install-recommends "$$package" >/dev/null; \
		else echo "The tests need $$package. On Debian and Ubuntu: sudo apt-get install $$package"; exit 1; fi; done

test: install-dev chromium servers ## Run the whole test suite on real stores, servers and a browser
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile $(ARGS)

check: install-dev ## Lint, types, architecture, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-dev ## Print every speed claim as a ratio (REPO=/path to a large clone for ingestion)
	$(BIN)/python -m bench $(if $(REPO),--repo "$(REPO)")

lock: $(BIN)/python ## Resolve the lock files anew
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --extra dev --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock pyproject.toml -o requirements-dev.lock

migration: install-dev ## Write a migration from the models: make migration NAME="reports keep their snapshot"
	$(BIN)/python -m alembic revision --autogenerate -m "$(NAME)"

clean: ## Remove the environment and caches (never the data)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
