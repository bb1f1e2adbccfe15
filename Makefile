# Two commands do all set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
DEMO := demo/ana

.DEFAULT_GOAL := help
.PHONY: help demo plan-demo test test-clinic check bench docs messages lock clean

help:           ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ /' | awk '{printf "  make %-12s", $$1; $$1=""; print}'

demo: $(BIN)/.run  ## Serve an invented clinic with a mother at every stage and one infusion running
	@$(BIN)/matrescence clinic demo $(ARGS)

plan-demo: $(BIN)/.run  ## Plan one invented mother's infusion and say where the files are
	@$(BIN)/matrescence plan examples/mothers/ana.toml --drug brexanolone --out $(DEMO)
	@echo
	@echo "The plan lies in $(DEMO)/: open plan.html in a browser, import calendar.ics, read plan.json."
	@echo "The same plan's papers:  $(BIN)/matrescence cite $(DEMO)/plan.json"

test: $(BIN)/.dev $(BIN)/.browser  ## Run the whole test suite
	@$(BIN)/python -m pytest -q -n 2 --ignore tests/browser $(ARGS)
	@$(BIN)/python -m pytest -q tests/browser  # one clinic, one order

test-clinic: $(BIN)/.dev $(BIN)/.browser  ## The clinic's tests alone; MATRESCENCE_TEST_DATABASE names a PostgreSQL
	@$(BIN)/python -m pytest -q -n 2 tests/clinic $(ARGS)
	@$(BIN)/python -m pytest -q tests/browser  # one clinic, one order

check: $(BIN)/.dev  ## Style, types and import laws
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(BIN)/.dev  ## Measure speed against named alternatives, as ratios in one run
	@$(BIN)/python benchmarks/simulate.py $(ARGS) $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/plan_latency.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/update.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/trials.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/clinic.py $(if $(WRITE),--write $(WRITE))

docs: $(BIN)/.dev  ## Write the generated reference pages again
	@$(BIN)/python docs/generate.py

messages: $(BIN)/.dev  ## Find what the clinic's pages say and update the translations; ARGS=pt begins one
	@$(BIN)/python -m matrescence.clinic.translating $(ARGS)

lock:           ## Pin every dependency by version and hash (needs uv)
	@uv pip compile -q pyproject.toml --extra build --extra clinic --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock
	@uv pip compile -q pyproject.toml --extra build --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url -c requirements.lock -o requirements-dev.lock

clean:          ## Remove what the other commands made
	@rm -rf .venv build demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "matrescence needs Python 3.11 or newer; say PYTHON=python3.12 make ..." >&2; exit 2; }
	@$(PYTHON) -m venv .venv

$(BIN)/.run: $(BIN)/python requirements.lock pyproject.toml
	@echo "Installing into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.dev: $(BIN)/.run requirements-dev.lock
	@echo "Installing the test and benchmark tools into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/.browser: $(BIN)/.dev
	@.ci/browser
	@touch $@
