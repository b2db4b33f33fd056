# Two commands on a fresh Debian or Ubuntu machine: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ASSETS := survey_service/assets
# npm is the machine's, or else the one from the wheel that the lock pins.
NPM = PATH="$$PATH:$(CURDIR)/$(BIN)" npm
ENVIRONMENT := $(VENV)
SBOM := dist/sbom
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)

# System libraries: what PDFs need, with letters for names of every script; and for the tests a browser with
# what drives it, a PDF reader, what veraPDF runs on, and an office program, through which workbooks go.
RUN_PACKAGES := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
	fonts-noto-core fonts-droid-fallback
TEST_PACKAGES := $(RUN_PACKAGES) chromium libatomic1 poppler-utils default-jdk-headless libjaxb-java softhsm2 \
	libreoffice-calc-nogui

.PHONY: help run test bench load check pytest verapdf browser assets sbom pictures catalogues lock clean

help: ## Show the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: export SURVEY_PORT ?= 8000
run: .make/run-packages .make/run assets ## Set up, fill in a demo country, and serve
	@$(BIN)/survey-service migrate
	@$(BIN)/survey-service seed
	@$(BIN)/survey-service serve

test: .make/test-packages .make/test assets check pytest browser ## Everything: checks, tests on both engines, real browser

check: ## Formatting, lint, types, layers, questionnaires
	@echo "== formatting"; $(BIN)/ruff format --check .
	@echo "== lint"; $(BIN)/ruff check .
	@echo "== types"; $(BIN)/mypy
	@echo "== layers"; $(BIN)/lint-imports --no-cache | tail -12
	@echo "== questionnaires"; $(BIN)/survey-service questionnaire check questionnaires/*/*.yaml

pytest:
	@echo "== tests"; $(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -m "not browser" -q -n 2 --dist worksteal
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report
	@echo "== coverage of what is pure"
	@$(BIN)/coverage report --include 'survey_service/maturity/*,survey_service/conduct/*,survey_service/analysis/*' --fail-under 100

verapdf: .make/test-packages .make/test assets ## Ask veraPDF too whether every paper is PDF/A and PDF/UA
	@TESTS_NEED_JAVA=1 $(BIN)/pytest -q tests/reports/test_verapdf.py

browser:
	@echo "== browser"; $(BIN)/pytest -m browser -q -n 2 --dist worksteal

bench: .make/test-packages .make/test assets ## Measure speed, as ratios within one run; PARTS="scoring storing" only those
	@$(BIN)/python -m tests.benchmarks $(PARTS)

load: .make/test-packages .make/test assets ## Let 300 people at it, then 2,000: what is served, refused, lost
	@$(BIN)/python -m tests.load

assets: $(ASSETS)/dist/.done

sbom: .make/run ## Name all that ships, in CycloneDX: of which ENVIRONMENT, into which folder SBOM
	@mkdir -p $(SBOM)
	@$(BIN)/cyclonedx-py environment --output-reproducible -o $(abspath $(SBOM))/python.cdx.json $(ENVIRONMENT)
	@cd $(ASSETS) && $(NPM) sbom --package-lock-only --omit dev --sbom-format cyclonedx \
		>$(abspath $(SBOM))/front-end.cdx.json

pictures: .make/test-packages .make/test assets ## Take the pictures of the README and the help anew
	@$(BIN)/python -m tests.browser.pictures

catalogues: ## Take new interface texts from code and templates into the catalogues
	@$(BIN)/python -m tests.catalogues

lock: .make/test ## Resolve dependencies anew, with hashes
	@$(call compile,) -o requirements.lock
	@$(call compile,--extra build) -c requirements.lock -o requirements-build.lock
	@$(call compile,--extra build --extra test) -c requirements-build.lock -o requirements-test.lock

define compile
$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	--python-version 3.11 pyproject.toml --extra parquet --extra postgres --extra roadmap $(1)
endef

clean: ## Remove everything that set-up made; data/ stays
	@rm -rf $(VENV) .make $(ASSETS)/node_modules $(ASSETS)/dist dist

.make/run-packages: Makefile
	@$(call install,$(RUN_PACKAGES))
	@mkdir -p .make && touch $@

.make/test-packages: Makefile
	@$(call install,$(TEST_PACKAGES))
	@mkdir -p .make && touch .make/run-packages $@

define install
missing=$$(for name in $(1); do dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || echo $$name; done); \
if [ -n "$$missing" ]; then \
	echo "== installing" $$missing; \
	$(SUDO) apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

.make/run: requirements-build.lock pyproject.toml | .make/run-packages
	@$(call environment,requirements-build.lock)
	@touch $@

.make/test: requirements-test.lock pyproject.toml | .make/test-packages
	@$(call environment,requirements-test.lock)
	@touch .make/run $@

define environment
echo "== environment"; \
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) && \
$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(1) && \
$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

$(ASSETS)/dist/.done: $(ASSETS)/package-lock.json Makefile
	@echo "== front-end files"
	@cd $(ASSETS) && $(NPM) ci --loglevel error --ignore-scripts --no-audit --no-fund >/dev/null
	@mkdir -p $(ASSETS)/dist/licenses && cd $(ASSETS)/node_modules && cp \
		htmx.org/dist/htmx.min.js htmx.org/dist/ext/hx-sse.min.js @picocss/pico/css/pico.min.css \
		swagger-ui-dist/swagger-ui.css swagger-ui-dist/swagger-ui-bundle.js \
		@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2 \
		@fontsource/source-sans-3/files/source-sans-3-latin-600-normal.woff2 \
		@fontsource/source-sans-3/files/source-sans-3-latin-700-normal.woff2 ../dist/
	@cd $(ASSETS)/node_modules && for name in htmx.org @picocss/pico swagger-ui-dist @fontsource/source-sans-3; do \
		cat $$name/LICENSE* $$(ls $$name/NOTICE $$name/swagger-ui-bundle.js.LICENSE.txt 2>/dev/null) \
			>../dist/licenses/$$(basename $$name).txt; \
	done
	@touch $@
