# What a person does here. Each target installs what it needs; `make help` lists them.

.DEFAULT_GOAL := help
ADDRESS ?= 127.0.0.1:8080

.PHONY: help play test bench page build image release deny lint fmt

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

play: build ## verify a good and a broken demo image, then serve the playground on ADDRESS
	@scripts/play $(ADDRESS)

test: ## all that CI asks, real registry and real browser included
	@scripts/setup test
	@scripts/test

bench: build ## what it costs, beside skopeo: round trips, time, memory, the page (docs/benchmarks.md)
	@scripts/setup bench
	@scripts/bench

page: ## build the page into dist/
	@scripts/setup play
	@scripts/page

build: page ## build the release binary with the page in it
	@cargo build --quiet --locked --release -p polyarch

image: page ## build the image for amd64 and arm64, and have the gate verify it
	@scripts/setup image
	@scripts/image

release: deny page ## all that is published, twice verified by the gate, into target/published
	@scripts/setup release
	@scripts/release

deny: ## licences, bans, sources and advisories of every dependency
	@scripts/setup deny
	@scripts/deny

lint: ## formatting and lints
	@scripts/setup build
	@cargo fmt --all --check
	@cargo clippy --locked --workspace --all-targets -- -D warnings

fmt: ## format every Rust file
	@cargo fmt --all
