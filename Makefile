# The commands of the project; `make` alone lists them. Everything is safe to repeat and works offline once set up.
# The programs of the virtual environment are always called as modules of its Python: a script's first line cannot
# hold a folder name with spaces. All paths are relative for the same reason.

SHELL := /bin/sh
# Not called PYTHON: that names the Python to make .venv with, in the environment or as in make setup PYTHON=python3.12.
VENV_PYTHON := .venv/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# A Python that was upgraded or removed leaves an environment that does not run: begin again.
BROKEN := $(if $(shell $(VENV_PYTHON) -c 'print(1)' 2>/dev/null),,again)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev run test browser check fmt lock bench sbom again

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.runtime .env $(CATALOGUES)  ## install what the register runs on, in .venv

setup-dev: setup .venv/.dev  ## install what it is tested and checked with

run: setup  ## serve the register on http://127.0.0.1:8000/ (or PORT=…) until Ctrl-C
	@exec $(VENV_PYTHON) manage.py serve

test: setup-dev browser  ## all tests, on an embedded PostgreSQL of their own
	@sh tools/test

browser:  ## find a browser for the tests that need one
	@sh tools/browser ensure

check: setup-dev  ## style, types, layers, templates, migrations, production settings
	@sh tools/check

fmt: setup-dev  ## put the code in the house style
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

lock: setup-dev  ## pin the newest allowed versions, with hashes (on the lowest supported Python: 3.11)
	@sh tools/lock requirements
	@sh tools/lock requirements-dev

bench: setup-dev  ## measure search at three sizes, served, beside other systems (an hour, 15 GB)
	@$(VENV_PYTHON) -m bench.search $(BENCH)
	@$(VENV_PYTHON) -m bench.serving
	@bench/peers/run
	@$(VENV_PYTHON) -m bench.report

sbom: setup-dev  ## list what the register is made of, as CycloneDX, in var/sbom.json
	@mkdir -p var
	@$(VENV_PYTHON) -m cyclonedx_py requirements requirements.txt --output-format JSON --output-file var/sbom.json
	@echo "Written: var/sbom.json"

again:

.venv/.runtime: requirements.txt $(BROKEN)
	@sh tools/install requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@sh tools/install requirements-dev.txt
	@touch $@

.env:
	@cp .env.example .env

%.mo: %.po | .venv/.runtime .env
	@$(VENV_PYTHON) manage.py compilemessages --verbosity 0
	@touch $@
