# make demo needs Rust and a C compiler; make test also PostgreSQL, MariaDB, Chromium and cargo-nextest, which it sees to (see .ci/setup).
.PHONY: help demo test lint doc bench properties fuzz setup
.DEFAULT_GOAL := help

CARGO ?= cargo
NEXTEST = $(CARGO) nextest run --locked --all-targets

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## a simulated BKN and ministry, reconciled, with a page to look at
	$(CARGO) run --release --locked -- demo $(ARGS)

setup: ## install what the tests need, or say what to install
	@.ci/setup

lint: setup ## formatting and clippy; licences and advisories where cargo-deny is installed
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then $(CARGO) deny check; else echo "cargo-deny is not installed: licences and advisories were not checked"; fi

test: lint ## everything: lint, documentation examples, all tests on both store engines
	$(CARGO) test --locked --doc
	@tests/postgres.sh run -- sh -c 'echo "store engines: SQLite (bundled), $$(.ci/setup postgres-version)"; $(NEXTEST)'

doc: ## the crate's documentation
	$(CARGO) doc --locked --no-deps --document-private-items

bench: ## the figures of docs/CLAIMS.md, measured on this machine
	benches/measure.sh $(ARGS)

properties: setup ## the property tests with a thousand times more cases
	PROPTEST_CASES=$${PROPTEST_CASES:-250000} $(CARGO) nextest run --locked --lib

FUZZ_SECONDS ?= 180
FUZZ_TARGETS ?= $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs)))
FUZZ_FOUND ?= target/fuzz

fuzz: ## every parser under libFuzzer, FUZZ_SECONDS each (180); needs cargo-fuzz; see fuzz/README.md
	@cargo fuzz --version >/dev/null 2>&1 || { echo "cargo-fuzz is not installed: cargo install cargo-fuzz --locked" >&2; exit 1; }
	RUSTC_BOOTSTRAP=1 $(CARGO) fuzz build -s none
	@for target in $(FUZZ_TARGETS); do \
		mkdir -p $(FUZZ_FOUND)/$$target || exit 1; echo "== $$target, $(FUZZ_SECONDS) s"; \
		RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run -s none $$target $(FUZZ_FOUND)/$$target fuzz/corpus/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 || exit 1; \
	done
