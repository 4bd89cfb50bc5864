# Every target installs what it needs first; `make help` lists them.
# Windows without make: see README.md.
PYTHON ?= python3
ARGS ?=
ifeq ($(OS),Windows_NT)
VENV := .venv/Scripts/python.exe
else
VENV := .venv/bin/python
endif
.DEFAULT_GOAL := help
.PHONY: help python setup lab test proof thorough elsewhere parity lint build bench portability

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "No program named $(PYTHON)" \
	"was found: install Python 3.11 or newer, or name yours with make PYTHON=..." >&2; \
	exit 1; }

setup: python ## install everything into .venv (what is done is skipped)
	@$(PYTHON) install.py --dev

lab: python ## open the course in JupyterLab (ARGS="--no-browser --port 8890")
	@$(PYTHON) install.py
	@$(VENV) -m coursekit lab $(ARGS)

test: setup ## run every test, and every notebook against its stored outputs
	@$(VENV) -m pytest -n 2 --dist loadfile $(ARGS)

proof: setup ## prove the exercise bank over 1000 seeds for each exercise
	@$(VENV) -m pytest -n 2 -m proof tests/grade $(ARGS)

thorough: setup ## prove every answer in a student's copy and in every engine (long)
	@$(VENV) -m pytest -n 2 -m thorough tests/classroom $(ARGS)

elsewhere: setup ## try other programs, in environments of their own (network)
	@$(VENV) -m pytest -m elsewhere tests/classroom $(ARGS)

parity: setup ## compare ops, fast and torch on 2000 settings of each operation
	@$(VENV) -m pytest -n 2 tests/oracle --parity 2000 $(ARGS)

lint: setup ## check format, style and types
	@$(VENV) -m ruff format --check .
	@$(VENV) -m ruff check .
	@$(VENV) -m mypy

build: setup ## make the notebooks whose sources changed
	@$(VENV) -m coursekit build $(ARGS)

bench: setup ## measure, side by side with public tools
	@$(VENV) -m benchmarks $(ARGS)

portability: setup ## compare the notebooks on emulated processors and two threads
	@$(VENV) benchmarks/portability.py $(ARGS)
