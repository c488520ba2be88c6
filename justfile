# List the targets.
default:
    @{{ just_executable() }} --list --unsorted

# Build and start the server on SQLite; arguments go to `docket serve`.
run *ARGS:
    cargo run -- serve {{ ARGS }}

# Like `run`, with demonstration data: prints the address, an API key and a curl command.
demo *ARGS:
    cargo run -- serve --demo {{ ARGS }}

# All checks that a change must pass.
test:
    scripts/test

# Check the running server against its four OpenAPI documents with schemathesis; EXAMPLES is the number of random requests per operation.
contract-test EXAMPLES="5":
    CONTRACT_TEST_EXAMPLES={{ EXAMPLES }} scripts/contract-test

# Run the long form of the fault tests (kills, outages, hangs, full disks, slow and many clients) and print the figures.
torture:
    scripts/torture

# Measure the server and the databases alone on a million cases, and write docs/performance.md; arguments go to docket-bench.
bench *ARGS:
    scripts/bench {{ ARGS }}

# Measure events, conflicts or service-levels on the store at URL with target/dist/docket; `scripts/figures --help` tells more.
figures WHAT URL *ARGS:
    scripts/figures {{ WHAT }} {{ URL }} {{ ARGS }}

# Run only the format, clippy and rustdoc checks of the test command.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --features docket-persistence/testing

# Format the code.
fmt:
    cargo fmt --all

# Generate openapi/<dialect>.json from the handlers.
openapi:
    #!/usr/bin/env bash
    set -euo pipefail
    mkdir -p openapi
    new=$(mktemp)
    trap 'rm -f "$new"' EXIT
    for dialect in native trackops services caseiq; do
        # If the command fails, the old file stays unchanged.
        cargo run --quiet -- openapi "$dialect" >"$new"
        cat "$new" >"openapi/$dialect.json"
        echo "openapi/$dialect.json"
    done

# Create an empty migration with this name for both databases.
migration NAME:
    #!/usr/bin/env bash
    set -euo pipefail
    name={{ quote(NAME) }}
    [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || { echo "the name of a migration must match [a-z][a-z0-9_]*, got $name" >&2; exit 1; }
    folder=$(date -u +%Y-%m-%d-%H%M%S)_$name
    for database in sqlite postgres; do
        mkdir -p "migrations/$database/$folder"
        for way in up down; do
            : >"migrations/$database/$folder/$way.sql"
            echo "migrations/$database/$folder/$way.sql"
        done
    done

# What CI runs: install missing tools, then run the test command; a check that cannot run is a failure.
ci:
    .ci/run
