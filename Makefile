# Everything a newcomer needs: make demo, make test. The rest is for daily work.
PYTHON ?= python3
BIN := .venv/bin
PYTEST_ARGS ?=
DEMO_ARGS ?=

.PHONY: setup demo test check words bench clean

setup: .venv/ready

# Pinned versions come from constraints.txt, for the build back end too.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Larkbell needs Python 3.11 or newer; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/pip install --quiet --disable-pip-version-check \
	  --editable '.[postgres,dev]'
	@touch $@

demo: setup
	$(BIN)/larkbell demo $(DEMO_ARGS)

test: setup
	$(BIN)/pytest -n 2 --dist loadfile $(PYTEST_ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Brings the translations up to date with the texts in the sources.
words: setup
	$(BIN)/python -m tests.wording

bench: setup
	$(BIN)/python -m bench $(BENCH_ARGS)

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
