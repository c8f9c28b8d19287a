# run: the window on the digits example. test: all tests. check: lint, types, imports. The rest is below.

VENV ?= .venv
BIN := $(VENV)/bin
BENCHES := $(filter-out bench/__init__.py,$(wildcard bench/*.py))
OFFSCREEN := QT_QPA_PLATFORM=offscreen

.PHONY: help run test explore fuzz check bench screenshots parity reference clean

help:
	@echo "make run          open the window on the digits example (without a display: the same job into out/)"
	@echo "make test         run all tests"
	@echo "make explore      run all tests, the random ones with new examples"
	@echo "make fuzz         read 20,000 damaged files of every kind (an hour; FUZZ='--seed 1 onnx' chooses)"
	@echo "make check        lint, format, types, import directions"
	@echo "make bench        run the benchmarks"
	@echo "make screenshots  make the pictures in docs/images anew"
	@echo "make reference    make the reference pages in docs/reference anew"
	@echo "make parity       compare with Keras and PyTorch themselves (installs Keras, JAX and PyTorch)"
	@echo "make clean        remove what these made"

# The stamp is younger than what it was installed from, so that nothing is installed twice.
$(VENV)/.installed: pyproject.toml constraints.txt .ci/bootstrap
	@.ci/bootstrap $(VENV) dev
	@touch $@

$(VENV)-parity/.installed: pyproject.toml constraints.txt .ci/bootstrap .ci/pytorch
	@.ci/bootstrap $(VENV)-parity dev,parity
	@.ci/pytorch $(VENV)-parity
	@touch $@

run: $(VENV)/.installed
	@$(BIN)/python main.py demo

test: $(VENV)/.installed
	$(OFFSCREEN) $(BIN)/pytest -n 2 -q

explore: $(VENV)/.installed
	$(OFFSCREEN) $(BIN)/pytest -n 2 -q --hypothesis-profile=explore

fuzz: $(VENV)/.installed
	$(BIN)/python -m tests.fuzz $(FUZZ)

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy graph engine gui main.py netloom.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/python .ci/tracked.py

bench: $(VENV)/.installed
	@missed=; for bench in $(BENCHES); do \
		echo "== $$bench"; $(OFFSCREEN) $(BIN)/python $$bench || missed="$$missed $$bench"; \
	done; if [ -n "$$missed" ]; then echo "Missed a limit:$$missed"; exit 1; fi

screenshots: $(VENV)/.installed
	$(OFFSCREEN) $(BIN)/python docs/make_pictures.py

reference: $(VENV)/.installed
	$(BIN)/python docs/make_reference.py

parity: $(VENV)-parity/.installed
	$(OFFSCREEN) $(VENV)-parity/bin/pytest -n 2 -q -m parity tests/parity

clean:
	rm -rf $(VENV) $(VENV)-parity out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
