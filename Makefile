# Two commands matter to a user: `make run` and `make test`. `make` alone lists them all.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check format bench bench-quick clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.app: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-redis.txt requirements-spark.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.app

run: $(VENV)/.app  ## set up what the app needs and serve it on http://127.0.0.1:8050
	$(BIN)/python app.py

test: $(VENV)/.dev  ## set up what the tests need, a browser, Redis and Java included, and run them all
	.ci/install-chromium
	.ci/install-redis
	.ci/install-java
	$(BIN)/python -m pytest

check: $(VENV)/.dev  ## format, lint, import contracts, types and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MAKE) test

format: $(VENV)/.dev  ## rewrite the sources in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## stages, engines and sizes beside a plain script, then each part by itself; tables go to benchmarks/
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.value
	$(BIN)/python -m benchmarks.clusters
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.lines
	$(BIN)/python -m benchmarks.customers
	$(BIN)/python -m benchmarks.redraw
	$(BIN)/python -m benchmarks.redraw --page explore
	$(BIN)/python -m benchmarks.redraw --page explore --customers 100000
	$(BIN)/python -m benchmarks.upload

bench-quick: $(VENV)/.dev  ## two small shops twice; fails where a ratio is more than twice that of the baseline
	$(BIN)/python -m benchmarks --quick

clean:  ## remove the virtual environment, caches and results (uploads in data/raw stay)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache data/cache
