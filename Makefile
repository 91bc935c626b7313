# Everything that Plateward needs goes into this folder: .venv (Python packages) and .plateward (Kafka, data, caches).
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := ingest recognizer matcher retention audit gateway witness demo dev
export UV_CACHE_DIR ?= $(CURDIR)/.plateward/uv
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start many processes of the same code: compiled once, they start in half the time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test conformance check fix schemas lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z%-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed ## Install everything into this folder

.venv/.installed: requirements/dev.txt pyproject.toml
	@echo "Installing Python packages into .venv (the first time takes a minute or two) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet uv==0.13.9
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/plateward models
	@touch $@

demo: install ## Run a region on this machine; ONCE=1 plays it once, FRAMES=folder plays photographs
	@$(BIN)/plateward demo $(if $(ONCE),--once) $(if $(FRAMES),--frames "$(FRAMES)")

# About half of the tests by their time, on servers of their own.
BESIDE ?= tests/unit tests/deploy tests/contract tests/browser tests/conformance tests/integration/ingest

test: install ## Run all tests in two halves side by side, each on a Kafka and a PostgreSQL of its own
	@mkdir -p .plateward
	@$(BIN)/pytest $(BESIDE) > .plateward/beside.log 2>&1 & beside=$$!; \
		$(BIN)/pytest $(addprefix --ignore=,$(BESIDE)); served=$$?; \
		wait $$beside; beside=$$?; cat .plateward/beside.log; exit $$((served + beside))

conformance: install ## Hold the software to every policy clause; writes docs/conformance.md
	@$(BIN)/pytest -m clause --conformance=docs/conformance.md

bench-%: install ## Measure: bench-audit, -matcher, -recognizer, -video, …, one for each folder of bench/
	@$(BIN)/python -m bench.$* $(if $(READS),--reads $(READS))

check: install ## Lint, types, import rules, contracts, deployment files
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/plateward schemas --check
	@$(BIN)/python deploy/check.py

fix: install ## Format, and mend what the linter can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

schemas: install ## Write the contracts' JSON Schemas and examples
	@$(BIN)/plateward schemas

lock: ## Compile the hashed requirement files from pyproject.toml
	@$(foreach extra,$(EXTRAS),$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --extra $(extra) pyproject.toml --output-file requirements/$(extra).txt &&) true

clean: ## Delete what was installed and what the demo kept
	rm -rf .venv .plateward .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
