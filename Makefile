# Every target sets up what it needs; the two that matter most are `make book` and `make test`.

PYTHON ?= python3
BIN    := .venv/bin
SITE   := _build/html
PAGE   ?=
PORT   ?= 8000

# Notebooks are looked for when a recipe runs, so a new chapter needs no line here.
notebooks = $(wildcard notebooks/*.ipynb exercises/*.ipynb)
started  := $(shell date +%s)
stage     = @printf '\n\033[1m== %s\033[0m\n' '$(1)'

# The JupyterLab of this project asks nothing of any other host and leaves your own layout alone.
LAB := $(BIN)/jupyter lab --LabApp.news_url= \
       --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
       --LabApp.extension_manager=readonly --LabApp.workspaces_dir=.venv/lab-workspaces \
       --ServerApp.root_dir=. \
       $(if $(filter 0,$(shell id -u)),--allow-root)

# One thread a process: the tests run in as many processes as there are cores.
ONE_THREAD := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env book lab zip pdf test lint format unit nbval site pages serve bench execute \
        exercises new-chapter vendor wheel clean distclean

help:  ## List the targets
	@printf 'lsrl-edu: programs that become recurrent networks\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- for readers -----------------------------------------------------------------------------
book: env  ## Build the book and print its address
	$(call stage,Building the book)
	@echo 'about a minute the first time ...'
	@$(BIN)/jupyter-book build . --quiet >.venv/book.log 2>&1 || { tail -30 .venv/book.log; exit 1; }
	@printf '\nThe book is built. Open it:\n\n  file://%s/index.html\n\n' '$(abspath $(SITE))'
	@printf 'or serve it on this machine with: make serve\n'

lab: env  ## Open JupyterLab on the chapters (PAGE=notebooks/NAME.ipynb opens one)
	$(LAB) $(or $(PAGE),$(firstword $(notebooks)))

serve:  ## Serve the built book on this machine (PORT=8000)
	@test -f $(SITE)/index.html || { echo 'Nothing is built yet: make book'; exit 1; }
	@echo 'The book: http://127.0.0.1:$(PORT)  (Ctrl-C ends this)'
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(SITE)

zip: site wheel  ## The book to read and run offline, in dist/
	$(call stage,The book as a zip)
	@$(BIN)/python scripts/make_zip.py

pdf: site  ## The book on paper, in dist/ (needs Chromium)
	$(call stage,The book as a PDF)
	@echo 'some minutes ...'
	@$(BIN)/python scripts/make_pdf.py

# --- for contributors ------------------------------------------------------------------------
test: env  ## Everything: ruff, unit and property tests, every notebook, site, pages in a browser
	@$(MAKE) --no-print-directory lint unit nbval site pages
	$(call stage,All stages passed)
	@echo "in $$(( $$(date +%s) - $(started) )) s"

lint: env  ## ruff, its formatter, spelling, and the state of notebooks and vendored files
	$(call stage,1/5 Lint)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo 'not formatted: make format'; exit 1; }
	@$(BIN)/python scripts/check_notebooks.py $(notebooks)
	@$(BIN)/python -m scripts.make_exercises --check
	@$(BIN)/python scripts/vendor.py --check
	@$(BIN)/python scripts/check_spelling.py

unit: env  ## Unit and property tests, in parallel
	$(call stage,2/5 Unit and property tests)
	@$(ONE_THREAD) $(BIN)/pytest -q -n auto -m 'not site'

nbval: env  ## Run every notebook and compare with its saved outputs
	$(call stage,3/5 Notebooks against their saved outputs)
	@$(if $(notebooks),$(ONE_THREAD) $(BIN)/pytest -q --nbval --nbval-current-env \
	  --nbval-sanitize-with .nbval.cfg --dist loadfile -n 2 $(notebooks),echo 'no notebooks yet')

site: env  ## Build the site from nothing, with warnings as errors, and follow its links
	$(call stage,4/5 Site$(comma) warnings as errors)
	@rm -rf _build
	@$(BIN)/jupyter-book build . --quiet -W --keep-going
	@$(BIN)/python scripts/check_links.py

pages: env  ## Look at every page of the built site in a browser
	$(call stage,5/5 Pages in a browser)
	@$(BIN)/pytest -q -n 2 -m site tests/site

format: env  ## Format the code and normalise the notebooks
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .
	@$(BIN)/python scripts/check_notebooks.py --fix $(notebooks)

execute: env  ## Run notebooks and save their outputs (PAGE=... for one)
	@$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level=WARN \
	  $(or $(PAGE),$(notebooks))
	@$(BIN)/python scripts/check_notebooks.py --fix $(or $(PAGE),$(notebooks))

exercises: env  ## Make the readers' exercises from exercises/solutions, and run them
	@$(BIN)/python -m scripts.make_exercises
	@$(MAKE) --no-print-directory execute PAGE="$(wildcard exercises/*.ipynb)"

new-chapter: env  ## Start a chapter (NAME=16_something TITLE="Something")
	@$(BIN)/python scripts/new_chapter.py "$$NAME" "$$TITLE"

bench: env  ## Measure what the book claims
	@$(BIN)/python -m benchmarks

vendor: env  ## Fetch the site's scripts again (needs npm) and record versions and hashes
	@$(BIN)/python scripts/vendor.py

wheel: env  ## Build the wheel into dist/
	@rm -rf build
	@SOURCE_DATE_EPOCH=315532800 $(BIN)/pip wheel --quiet --no-deps --no-build-isolation \
	  --wheel-dir dist .
	@rm -rf build
	@ls dist

env:  ## Create .venv with the pinned versions (at once if it is up to date)
	@$(PYTHON) scripts/make_env.py

clean:  ## Remove what was built
	rm -rf _build build dist *.egg-info book/reference/_generated .pytest_cache .ruff_cache \
	  .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean  ## Remove the environment too
	rm -rf .venv

comma := ,
