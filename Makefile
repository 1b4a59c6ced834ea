# `make demo` scans the samples, `make test` runs every test; a machine with Python 3.11 or
# later and make needs nothing else. Results are kept in .venv and demo-out.

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test clean

demo: .venv/installed
	.venv/bin/scanner scan samples/scans --out demo-out --to xlsx,docx,xml,json,txt
	@echo "The results are in $(CURDIR)/demo-out; manifest.jsonl there says what became of each scan."

test: .venv/installed-for-tests
	.venv/bin/python -m pytest

clean:
	rm -rf .venv demo-out

# Stamps: installing again only where what is installed has changed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one with make PYTHON=python3.x")'
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt .venv/bin/python
	@echo "Installing into .venv (PyTorch is large; this is done once) ..."
	$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/installed-for-tests: pyproject.toml constraints.txt .venv/bin/python
	@echo "Installing into .venv, with what tests need ..."
	$(PIP) install -c constraints.txt -e '.[test]'
	@touch .venv/installed $@
