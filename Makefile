# Everything a developer types; .ci/run is made of the same targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test replica two-servers fuzz tour bench bench-compare bench-smoke bench-plot bench-search tidy fmt clippy lint deny doc release dependencies-recipe dependencies image-root image-check \
	check-tools check-openssl

# The lock file changes with the manifests on a developer's machine, never in CI.
LOCKED := $(if $(CI),--locked)

# `SAVDO_PROFILE=release make run` for the speed of production.
SAVDO_PROFILE ?= dev
# The binary takes every SAVDO_ variable for configuration.
unexport SAVDO_PROFILE

# What a release is made of; the container image adds FEATURES=pg-tls.
FEATURES ?=
RELEASE := --release --package savdo-server --bin savdo $(if $(FEATURES),--features $(FEATURES))
# The folder that cargo builds into, for a recipe's shell.
TARGET = $$(cargo metadata $(LOCKED) --no-deps --format-version 1 | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')
TRIPLE = $${CARGO_BUILD_TARGET:+$$CARGO_BUILD_TARGET/}

help: ## Print these targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

run: check-tools ## Build, fill an empty database with a demo chain, serve
	@cargo build $(LOCKED) --profile $(SAVDO_PROFILE) --package savdo-server --bin savdo
	@binary=$(TARGET)/$(TRIPLE)$(if $(filter dev,$(SAVDO_PROFILE)),debug,$(SAVDO_PROFILE))/savdo; \
	"$$binary" demo --if-empty; \
	exec "$$binary" serve

# Databases that are thrown away lie in memory where there is plenty.
test replica two-servers fuzz tour: export TMPDIR := $(shell scripts/memory-folder)

test: check-tools ## Run all tests, on SQLite and beside a throw-away PostgreSQL and Redis
	@scripts/with-redis scripts/with-postgres cargo test $(LOCKED) --workspace

# One test after the other: each has processes enough for two cores. Of the whole workspace, as `make test`: features of one package alone
# would have everything built anew.
FLEET = cargo test $(LOCKED) --workspace --features savdo-tests/fleet --test

replica: check-tools ## Read lists from a streaming replica of a throw-away PostgreSQL, by two servers
	@cargo build $(LOCKED) --package savdo-server --bin savdo
	@export SAVDO_TEST_BINARY="$(TARGET)/$(TRIPLE)debug/savdo"; \
	scripts/with-redis scripts/with-postgres --replica $(FLEET) replica -- --test-threads=1

two-servers: check-tools ## Run two servers and two workers behind HAProxy, race them, kill one
	@cargo build $(LOCKED) --package savdo-server --bin savdo
	@export SAVDO_TEST_BINARY="$(TARGET)/$(TRIPLE)debug/savdo"; \
	scripts/with-haproxy scripts/with-redis scripts/with-postgres $(FLEET) two-servers -- --test-threads=1

fuzz: check-tools ## Ask a server what its OpenAPI document allows and what not, as everybody of the demo; needs Python
	@cargo build $(LOCKED) --package savdo-server --bin savdo
	@scripts/fuzz "$(TARGET)/$(TRIPLE)debug/savdo" "$(TARGET)/fuzz"

tour: check-tools ## Walk the tours of docs/ on both databases and compare what is printed; needs curl
	@cargo build $(LOCKED) --package savdo-server --bin savdo
	@for page in docs/QUICK-TOUR.md docs/PHARMACY-TOUR.md docs/PAYMENT-TOUR.md; do \
		scripts/tour "$(TARGET)/$(TRIPLE)debug/savdo" "$$page"; \
		env -u SAVDO_TEST_POSTGRES_URL scripts/with-postgres sh -c \
			'DATABASE_URL=$$SAVDO_TEST_POSTGRES_URL scripts/tour "$$0" "$$1"' "$(TARGET)/$(TRIPLE)debug/savdo" "$$page"; \
	done

# What `make bench` measures and how: DATABASE=postgres, sqlite, both or URLs of databases that stay; SIZE=default or large.
DATABASE ?= postgres
SIZE ?= default
CONNECTIONS ?= 16
ROUNDS ?= 3
SECONDS_EACH ?= 5
# FLOWS=checkout,sale for some of them alone, RATE=500 for so many requests a second, BESIDE=logins or uploads for what goes on
# meanwhile, MORE=--worker for the rest of its options.
FLOWS ?=
RATE ?=
BESIDE ?=
MORE ?=
BENCH_OPTIONS = --connections $(CONNECTIONS) --rounds $(ROUNDS) --seconds $(SECONDS_EACH) $(if $(FLOWS),--flows $(FLOWS)) \
	$(if $(RATE),--rate $(RATE)) $(if $(BESIDE),--beside $(BESIDE)) $(MORE)

bench: check-tools ## Measure a server under load and what its database could do alone; see docs/BENCH.md
	@cargo build $(LOCKED) $(RELEASE)
	@cargo build $(LOCKED) --release --package savdo-bench --bin savdo-bench
	@env -u SAVDO_TEST_POSTGRES_URL scripts/with-postgres --durable scripts/bench run $(SIZE) "$(TARGET)/$(TRIPLE)release" \
		"$(TARGET)/bench" $(DATABASE) -- $(BENCH_OPTIONS)

INTO ?= $(TARGET)/bench/latency.svg

bench-compare: check-tools ## Compare two results of make bench: A=one.json B=another.json
	@cargo run $(LOCKED) --quiet --release --package savdo-bench --bin savdo-bench -- compare $(A) $(B)

bench-plot: check-tools ## Draw p99 against load into INTO=target/bench/latency.svg, from RESULTS="one.json another.json" of several rates or connections
	@cargo run $(LOCKED) --quiet --release --package savdo-bench --bin savdo-bench -- plot --into "$(INTO)" $(RESULTS)

SMOKE = --connections 4 --rounds 1 --small

bench-smoke: check-tools ## See that all flows, floors and loads of the bench work, and that a floor writes what the server writes; no figures
	@cargo build $(LOCKED) --package savdo-server --bin savdo
	@cargo build $(LOCKED) --workspace --bin savdo-bench
	@env -u SAVDO_TEST_POSTGRES_URL scripts/with-postgres --durable scripts/bench run smoke "$(TARGET)/$(TRIPLE)debug" \
		"$(TARGET)/bench/smoke" both -- $(SMOKE) --seconds 0.1 --check
	@scripts/bench run smoke "$(TARGET)/$(TRIPLE)debug" "$(TARGET)/bench/smoke" sqlite \
		-- $(SMOKE) --seconds 0.5 --flows page --rate 50 -- $(SMOKE) --seconds 1 --flows page --beside logins

# How many products the chain has whose search is measured, and the URLs of the databases if they are to stay.
PRODUCTS ?= 600000
DATABASES ?= both

bench-search: check-tools ## Measure the search among PRODUCTS=600000 products, on SQLite and on a throw-away PostgreSQL, or on DATABASES
	@cargo build $(LOCKED) $(RELEASE)
	@cargo build $(LOCKED) --release --package savdo-bench --bin bench-search
	@env -u SAVDO_TEST_POSTGRES_URL scripts/with-postgres scripts/bench search $(PRODUCTS) "$(TARGET)/$(TRIPLE)release" $(DATABASES)

tidy: check-tools ## Prove the rules that no lint can state
	@cargo test $(LOCKED) --quiet --package savdo-tidy

fmt: check-tools ## Check the format
	@cargo fmt --all --check

clippy: check-tools ## Run the lints over all targets; a warning is an error
	@cargo clippy $(LOCKED) --workspace --all-targets --features savdo-tests/fleet -- -D warnings

lint: fmt clippy ## Check the format and run the lints

deny: check-tools ## Check packages, licences and sources; installs cargo-deny when it is missing
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	@cargo deny $(LOCKED) check --hide-inclusion-graph bans licenses sources

doc: check-tools ## Build the documentation of our crates; a warning is an error
	@RUSTDOCFLAGS="-D warnings" cargo doc $(LOCKED) --workspace --no-deps

release: check-tools $(if $(findstring pg-tls,$(FEATURES)),check-openssl) ## Build the binary for production
	@cargo build $(LOCKED) $(RELEASE)

image-root: release ## Lay out the file system of the container image
	@scripts/image-root "$(TARGET)/$(TRIPLE)release/savdo" "$(TARGET)/image"

image-check: ## Run what the container image holds as it would run: alone, read-only, not as root
	@$(MAKE) --no-print-directory image-root FEATURES=pg-tls
	@scripts/image-check "$(TARGET)/image"

# The two halves of a cached layer in the Dockerfile: what the dependencies are, and their build.
dependencies-recipe:
	@mkdir -p target && cargo chef prepare --recipe-path target/recipe.json

dependencies:
	@cargo chef cook $(LOCKED) $(RELEASE) --recipe-path target/recipe.json

check-tools: ## Check that the compilers are here
	@command -v cargo >/dev/null || { \
		echo "Rust is missing: install it with rustup, see https://rustup.rs" >&2; exit 1; }
	@command -v "$${CC:-cc}" >/dev/null || { \
		echo "A C compiler is missing: SQLite and the PostgreSQL driver are built from source. Install gcc (or set CC)." >&2; exit 1; }

check-openssl: # TLS to PostgreSQL is the one thing that needs headers of the system
	@echo '#include <openssl/ssl.h>' | "$${CC:-cc}" -E -x c - >/dev/null 2>&1 || { \
		echo "installing the headers of OpenSSL" >&2; \
		if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
		if command -v apt-get >/dev/null; then $$sudo apt-get install -y --no-install-recommends libssl-dev pkg-config; \
		elif command -v dnf >/dev/null; then $$sudo dnf install -y openssl-devel pkgconf-pkg-config; \
		elif command -v apk >/dev/null; then $$sudo apk add --no-cache openssl-dev pkgconf; \
		else echo "The headers of OpenSSL are missing: install them." >&2; exit 1; fi; }
