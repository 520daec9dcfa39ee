# Two commands: `make demo` and `make test`.  Both install what they need into .venv first; a second run skips
# what is already done.

VENV := .venv
RUN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SOURCES := $(shell find src models data -type f -not -name '*.pyc' 2>/dev/null)
export MPLBACKEND := agg

.PHONY: demo test check bench docs clean

demo: $(INSTALLED)
	@if $(MAKE) --silent --question demo/posterior.nc; then $(RUN)/blackball compare demo; \
	else $(MAKE) --silent demo/posterior.nc; fi

demo/posterior.nc: $(INSTALLED) $(SOURCES)
	@rm -rf demo
	@$(RUN)/blackball fit models/one_or_many.py --panel data/western-projects --regimes data/regimes.toml --out demo

test: check
	@$(RUN)/pytest -n 2 --dist loadfile

check: $(INSTALLED)
	@$(RUN)/ruff check . && $(RUN)/ruff format --check . && $(RUN)/mypy

bench: $(INSTALLED)
	@$(RUN)/python benchmarks/mechanisms.py
	@$(RUN)/python benchmarks/results.py

docs: $(INSTALLED)
	@$(RUN)/python docs/make_pages.py

$(INSTALLED): pyproject.toml constraints.txt
	@python=$$(sh .ci/find-python) && \
	echo "Installing into $(VENV) with $$python" && \
	"$$python" -m venv $(VENV) && \
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip && \
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable . && \
	touch $@

clean:
	@rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
