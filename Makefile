# Everything is in the `pipewise` command; make only sets up and wraps. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help install install-dev demo run test lint check audit schemathesis forgeries bench train eval faults mutants record lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JAVASCRIPT := tests/javascript
# The locks name everything, so pip has nothing to resolve; `pip check` proves it.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps
TESTS ?= tests

# Read by LangGraph when it is first imported: checkpoints may not name functions to call.
export LANGGRAPH_STRICT_MSGPACK := true
# LangGraph's libraries would send traces as soon as they find a key; that takes a decision, not a default.
export LANGSMITH_TRACING ?= false
export LANGGRAPH_CLI_NO_ANALYTICS ?= 1

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 14

# --- set-up: a stamp is newer than what it was made from, so a repeat costs nothing ---------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PipeWise needs Python 3.11 or newer; try: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements-build.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies into $(VENV), about a minute ..."
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(PIP) --require-hashes --no-build-isolation -r requirements.lock
	@$(PIP) --no-build-isolation --editable .
	@$(BIN)/python -m pip check
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@

# Apart from the rest: these need other releases of some packages than the product, and nothing of theirs is imported by it.
$(VENV)/.installed-checks: $(VENV)/.installed-dev requirements-checks.lock
	@echo "Installing what attacks the API and reads advisories ..."
	@rm -rf $(VENV)/checks
	@$(PIP) --require-hashes --target $(VENV)/checks -r requirements-checks.lock
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev requirements-bench.lock
	@echo "Installing what the benchmark's plot needs ..."
	@$(PIP) --require-hashes --no-build-isolation -r requirements-bench.lock
	@touch $@

# What the tests of the JavaScript client need, by the lock's hashes; nothing of a package is run while it is installed.
$(JAVASCRIPT)/node_modules/.installed: $(JAVASCRIPT)/package.json $(JAVASCRIPT)/package-lock.json
	@node --input-type=module --eval 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 || \
		{ echo "The tests of the JavaScript client need Node 20 or newer with npm on the PATH: https://nodejs.org. To run PipeWise they are not needed: make install." >&2; exit 1; }
	@echo "Installing the JavaScript client for the tests ..."
	@npm ci --prefix $(JAVASCRIPT) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

install: $(VENV)/.installed  ## .venv with the locked dependencies and .venv/bin/pipewise

install-dev: $(VENV)/.installed-dev $(JAVASCRIPT)/node_modules/.installed  ## the same with what the tests need

# --- use --------------------------------------------------------------------------------------------------------------

demo: install  ## a scripted lead from first message to a booked meeting, then the console; ONCE=1 exits after the script
	@$(BIN)/pipewise demo $(if $(filter-out 0,$(ONCE)),--once)

run: install  ## API, webhooks, console and worker on port 8000
	@$(BIN)/pipewise serve

# --- development ------------------------------------------------------------------------------------------------------

lint: install-dev  ## format, lint, strict types, import rule, secrets that were committed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/scan_secrets.py

check: lint $(VENV)/.installed-checks  ## lint, and known vulnerabilities in what is locked, where PyPI's advisories can be read
	$(BIN)/python scripts/audit.py

audit: $(VENV)/.installed-checks  ## known vulnerabilities in what is locked; fails as well where PyPI's advisories cannot be read
	$(BIN)/python scripts/audit.py --strict

# Not after check: an advisory of today must not break a release of yesterday, nor a machine that reaches no advisories.
test: lint $(VENV)/.installed-checks  ## lint, then every suite; a skipped test is a failure. TESTS=tests/unit runs a part
	$(BIN)/python -m pytest --numprocesses 4 --dist loadscope $(TESTS)

bench: $(VENV)/.installed-bench  ## load, growth, misbehaviour and kill -9 against fake vendors, beside the baselines. BENCH="--quick" passes options
	$(BIN)/python -m bench $(BENCH)

train: install  ## write the training messages from their grammars and train the intent classifier's weights, about a minute
	$(BIN)/python -m evals.write_intents
	$(BIN)/python -m evals.train_intent

eval: install  ## measure the intent classifier on the messages held out. EVAL="--data FILE" passes options
	$(BIN)/pipewise eval $(EVAL)

schemathesis: $(VENV)/.installed-checks  ## the API against its own description: every check, 100 examples an operation
	PIPEWISE_FAULTS=long $(BIN)/python -m pytest -s --timeout 0 tests/integration/test_api_conformance.py

forgeries: install-dev  ## 10,000 forged or mutated webhooks for each platform
	PIPEWISE_FAULTS=long $(BIN)/python -m pytest -s --timeout 0 tests/integration/api/test_forged_webhooks.py

faults: install-dev  ## the long form of the fault plans: thousands of events, hundreds of kills
	PIPEWISE_FAULTS=long $(BIN)/python -m pytest -s tests/faults

mutants: install-dev  ## break each guarantee in a copy, one by one: its tests must fail. MUTANT=--list names them
	$(BIN)/python -m tests.mutants $(MUTANT)

record: install-dev  ## record the contract cassettes anew: from the sandbox, or from a vendor whose keys are in the environment
	$(BIN)/python -m tests.contract.record $(PLATFORM)

# New releases are left to ripen for seven days; what is pinned stays unless UPGRADE=1.
LOCK = UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --exclude-newer "$$($(BIN)/python -c 'import datetime as d; print(d.date.today() - d.timedelta(7))')" \
	$(if $(filter-out 0,$(UPGRADE)),--upgrade)

# Not after install-dev: a dependency that is not locked yet cannot be installed.
lock:  ## resolve the lock files again; UPGRADE=1 takes newer releases
	@test -x $(BIN)/uv || $(MAKE) install-dev
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --extra studio --group build --output-file requirements.lock
	$(LOCK) pyproject.toml --extra studio --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) pyproject.toml --extra studio --group build --group dev --group bench --constraint requirements-dev.lock --output-file requirements-bench.lock
	node $(JAVASCRIPT)/write_lock.js "$$($(BIN)/python -c 'import datetime as d; print(d.date.today() - d.timedelta(7))')"
	$(LOCK) --group checks --output-file requirements-checks.lock

clean:  ## remove the virtual environment, caches and build products; data in .pipewise stays
	rm -rf $(VENV) $(JAVASCRIPT)/node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
