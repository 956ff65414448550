# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp-installed

# Compiled modules are kept whatever the surroundings say: without them every start takes ten seconds more.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo serve test test-fast check fix docs bench bench-partition bench-editor clean system

$(STAMP): requirements.lock pyproject.toml hatch_build.py $(wildcard maps/*/package-lock.json)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)  ## Set up and run the main job on the bundled real town
	$(BIN)/wangge demo --out out/demo --force

serve: $(STAMP)  ## Open the service on the demo's plan
	test -d out/demo || $(BIN)/wangge demo --out out/demo
	$(BIN)/wangge load out/demo
	$(BIN)/wangge serve

system:
	sh tests/system_packages.sh

check: $(STAMP)  ## Style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(STAMP) system check docs  ## Set up and run every test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: $(STAMP)  ## Python packages only, under a minute
	$(BIN)/pytest -m "not browser and not slow" -q -n 2

docs: $(STAMP)
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

bench: $(STAMP)
	$(BIN)/python -m benchmarks

$(VENV)/.stamp-bench: $(STAMP) requirements-bench.lock
	$(BIN)/pip install --quiet --no-compile --no-deps --require-hashes -r requirements-bench.lock
	touch $@

bench-partition: $(VENV)/.stamp-bench  ## The engine's figures, its peers (an extra of their own) beside it
	$(BIN)/python -m benchmarks.partition
	$(BIN)/python -m benchmarks exact districting processes stopping beside_peers

bench-editor: $(STAMP) system  ## The editor's figures in Chromium; LONG=--long runs ten times longer, PARTS="editors jobs" only those
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .  # the editor as it stands in the tree
	$(BIN)/python -m benchmarks.editor $(LONG) $(PARTS)

clean:
	rm -rf $(VENV) out docs/_build
