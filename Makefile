# Two commands on a fresh machine: `make demo` and `make test`. Nothing is needed but Python >= 3.11, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests of one file stay together, so that what they share is made once. A fifth of the time a test waits for a process or
# a page that it started: a third worker uses that time of two cores.
WORKERS ?= 3
SPREAD := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help venv demo test coverage shuffle clients quick proof lint platforms format docs package smoke floors matrix installed fuzz mutants soak bench shots clean
.DEFAULT_GOAL := help

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

venv: $(VENV)/.dev ## install all that tests, lint and benchmarks need into .venv

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Paceport needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what the demo needs into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[sandbox,logbook,report,web]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what tests and lint need into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo ## the whole journey on the simulated service; no account, no question
	@$(BIN)/paceport demo

test: venv ## run every test but the long proofs
	@.ci/missing || true
	@$(BIN)/python -m pytest -q -m "not proof" $(SPREAD)

coverage: venv ## say which lines and branches no test reaches, those of started processes included
	@rm -rf build/coverage && mkdir -p build/coverage
	@# What tests say of imported modules does not hold while they are measured: they may fail here.
	-@$(BIN)/python -m coverage run -m pytest -q -m "not proof" $(SPREAD)
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report --fail-under 95

shuffle: venv ## run every test but the proofs in random order; SEED=number repeats one
	@$(BIN)/python -m pytest -q -m "not proof" -n $(WORKERS) -p randomly $(if $(SEED),--randomly-seed=$(SEED))

clients: ## install the client of npm that the sandbox is tested with; without it its tests are skipped
	@command -v npm >/dev/null || { echo "npm is missing; on Debian: apt install nodejs npm" >&2; exit 1; }
	@npm install --prefix tests/sandbox/clients/strava_v3 --no-package-lock --no-audit --no-fund --silent

quick: venv ## run the tests that take no more than seconds
	@$(BIN)/python -m pytest -q -m "not slow and not proof" $(SPREAD)

proof: venv ## all that takes hours: chaos, a month of faults, every property with new inputs, then fuzz and mutants
	@PACEPORT_TESTS_INPUTS=new $(BIN)/python -m pytest -q -m "proof or hypothesis" -n $(WORKERS) -o faulthandler_timeout=0
	@$(MAKE) --no-print-directory fuzz mutants

FUZZ_SECONDS ?= 900
fuzz: venv ## search for inputs that break a promise, FUZZ_SECONDS for each kind of input, two kinds at once
	@PYTHONPATH=src:tests $(BIN)/python -c 'from fuzzing.targets import TARGETS; print(*TARGETS, sep="\n")' | \
		PYTHONPATH=src:tests xargs -P 2 -I NAME $(BIN)/python -m fuzzing NAME $(FUZZ_SECONDS) build/fuzz

MUTANTS ?= 200
mutants: venv ## change the code in small places, MUTANTS in each of GROUPS, and count what tests notice
	@PYTHONPATH=src:tests $(BIN)/python -m mutation build/mutants $(MUTANTS) $(or $(SEED),1) $(GROUPS)

soak: venv ## a simulated month of keeper, sync, serve and service with faults: SOAK_DAYS, SOAK_SECONDS, SOAK_SEED
	@$(BIN)/python -m pytest -q -s -m proof -o faulthandler_timeout=0 tests/soak

lint: venv ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

platforms: venv ## mypy as on Windows and on macOS, where nothing was ever run
	@$(BIN)/mypy --platform win32 --no-warn-unreachable --cache-dir .mypy_cache/win32 src
	@$(BIN)/mypy --platform darwin --no-warn-unreachable --cache-dir .mypy_cache/darwin src

format: venv ## let ruff rewrite the layout
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: venv ## draw the reference pages anew, and build the documentation as a site into build/site
	@$(BIN)/python -m paceport.cli.reference_pages docs/reference
	@$(BIN)/zensical build --clean --strict

package: venv ## build wheel and source archive into build/dist
	@rm -rf build/dist
	@$(BIN)/python -m hatchling build -d build/dist

smoke: package ## run every command of the wheel in bare environments: the core alone, each extra alone
	@$(BIN)/python .ci/smoke.py build/dist/*.whl constraints.txt build/smoke

floors: ## run the quick tests with the lowest version that each dependency allows
	@$(PYTHON) -m venv --clear build/floors
	@$(PYTHON) .ci/lowest_versions.py > build/floors/lowest.txt
	@$(PYTHON) .ci/lowest_versions.py --tools > build/floors/tools.txt
	@build/floors/bin/python -m pip --quiet install --constraint build/floors/lowest.txt --requirement build/floors/tools.txt --editable '.[all]'
	@build/floors/bin/python -m pytest -q -m "not slow and not proof" $(SPREAD)

matrix: ## run the quick tests under every supported Python that this machine has
	@.ci/matrix

installed: package ## run every test against the installed wheel, with no src/ beside them
	@.ci/installed

bench: venv ## print every figure beside its peer, as ratios, from one run
	@$(BIN)/python -m benchmarks

shots: venv ## take pages of `paceport serve` into build/shots, and terminals into docs/images
	@PYTHONPATH=src:tests $(BIN)/python -m web.shots build/shots
	@PYTHONPATH=src:tests $(BIN)/python -m cli.terminal_shots docs/images

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
