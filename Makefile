# make            what there is
# make demo       the whole system with a small newsroom, on this machine, without Docker
# make test       every test, against real servers that it starts itself

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(BIN)/uv
# The machine's own certificates: many users sit behind a proxy that inspects TLS.
export UV_SYSTEM_CERTS := 1
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PROJECTS := shared services/ingest services/enrich services/index local
PACKAGES := shared/warta_shared services/ingest/warta_ingest services/enrich/warta_enrich \
	services/index/warta_index local/warta_local
PYPROJECTS := $(PROJECTS:%=%/pyproject.toml)
EDITABLE := $(PROJECTS:%=-e ./%)
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.base:
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "error: $(PYTHON) cannot make virtual environments; install its venv package (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)" || { echo "error: cannot reach the package registry; behind a TLS-inspecting proxy set PIP_CERT to its certificate bundle"; exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.base local/requirements.txt $(PYPROJECTS)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r local/requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

$(VENV)/.dev: $(VENV)/.run tests/requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r tests/requirements.txt
	@touch $@

demo: $(VENV)/.run ## Run the whole system with a small newsroom, here, without Docker
	@$(BIN)/warta demo

# What needs no server, or has time, runs twice as fast on two cores; the rest waits for servers, and would wait for a
# full machine.
PATIENT = tests/unit tests/contract tests/fuzz tests/whole/test_demo.py tests/integration/ingest/test_polling_soak.py
TOGETHER = --numprocesses 2 --dist loadfile $(PATIENT)
ALONE = $(addprefix --ignore=,$(PATIENT))

test: $(VENV)/.dev ## Run every test against real Redis, Valkey and Elasticsearch
ifdef TESTS
	@$(BIN)/python -m pytest $(TESTS)
else
	@failed=0; for share in '$(TOGETHER)' '$(ALONE)'; do $(BIN)/python -m pytest $$share || failed=1; done; exit $$failed
endif

coverage: $(VENV)/.dev ## The same, and which lines no test runs (a quarter slower)
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(TESTS)

check: $(VENV)/.dev ## Format, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/python -m warta_shared.events.schemas --check
	$(BIN)/python -m warta_index.schema.contract --check
	$(BIN)/python -m warta_index.kibana.saved_objects --check
	$(BIN)/python -m warta_shared.telemetry.metrics_document --check
	$(BIN)/python -m warta_shared.telemetry.dashboard.written --check
	$(BIN)/python -m warta_ingest.push.openapi --check docs/openapi.json

format: $(VENV)/.dev ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: $(VENV)/.dev ## Trials over the whole fault matrix: make faults TRIALS=100 SEED=1 ROWS=redis-killed,flushall
	@cd tests && ../$(BIN)/python -m faults $(if $(TRIALS),--trials $(TRIALS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ROWS),--rows "$(ROWS)") $(if $(OUTAGE),--outage $(OUTAGE)) $(if $(COLD),--cold) \
		--report $(abspath $(or $(REPORT),faults-report.json))

fuzz: $(VENV)/.dev ## Broken input for every parser of strangers' bytes: make fuzz SECONDS=600
	@cd tests && ../$(BIN)/python -m fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(TARGETS),--targets "$(TARGETS)")

bench: $(VENV)/.dev ## Measure the hop, ingest, the enrich step and the index leg
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

evaluate: $(VENV)/.dev ## Score the enrichment on a folder of marked texts: make evaluate DATA=folder
	@$(BIN)/python services/enrich/training/evaluate.py $(if $(DATA),--data "$(DATA)") \
		$(if $(BACKEND),--backend "$(BACKEND)") $(if $(MODEL),--model "$(MODEL)") $(if $(ONLY),--only "$(ONLY)") \
		$(if $(JSON),--json)

test-compose: $(VENV)/.dev ## Run docker-compose.yml for real (needs a Docker engine)
	@$(BIN)/python -m pytest -o addopts=-ra tests/compose

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --custom-compile-command "make lock" \
	$(foreach name,shared ingest enrich index local,--no-emit-package warta-$(name))

# All but transformers and gliner, whose torch takes gigabytes.
LOCKED_EXTRAS = --extra build --extra training --extra parquet --extra spacy --extra tracing

lock: $(VENV)/.base ## Resolve the dependencies anew into hashed lock files without addresses
	$(COMPILE) --upgrade $(PYPROJECTS) $(LOCKED_EXTRAS) --group pyproject.toml:dev -o tests/requirements.txt
	$(COMPILE) --constraint tests/requirements.txt --extra build local/pyproject.toml -o local/requirements.txt
	@for service in ingest enrich index; do \
		$(COMPILE) --constraint tests/requirements.txt services/$$service/pyproject.toml -o services/$$service/requirements.txt || exit 1; \
	done
	$(COMPILE) --constraint tests/requirements.txt --extra spacy services/enrich/pyproject.toml -o services/enrich/spacy-requirements.txt
	$(COMPILE) --constraint tests/requirements.txt --extra parquet services/index/pyproject.toml -o services/index/parquet-requirements.txt
	$(COMPILE) --constraint tests/requirements.txt --extra tracing shared/pyproject.toml -o services/tracing-requirements.txt

SBOM ?= sbom
sbom: $(VENV)/.dev ## What each service is made of, as CycloneDX: sbom/SERVICE.cdx.json
	@mkdir -p $(SBOM)
	@for service in ingest enrich index; do \
		$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o $(SBOM)/$$service.cdx.json \
			services/$$service/requirements.txt || exit 1; \
	done

audit: $(VENV)/.dev ## Known vulnerabilities of what is locked: make audit ADVISORIES=folder-or-zip (OSV form)
	@$(BIN)/python tests/supply_chain/advisories.py $(if $(ADVISORIES),--advisories "$(ADVISORIES)") services/*/*requirements.txt \
		services/*requirements.txt local/requirements.txt

clean: ## Remove the environment and caches (not the data of `warta local`)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

.PHONY: help demo test coverage check format faults fuzz bench evaluate test-compose lock sbom audit clean
