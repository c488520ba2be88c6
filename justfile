# List the targets.
default:
    @{{ just_executable() }} --list --unsorted

# Build and start the server on SQLite; arguments go to `docket serve`.
run *ARGS:
    cargo run -- serve {{ ARGS }}

# The same with the demonstration data: prints the address, a curl line to paste, and the key.
demo *ARGS:
    cargo run -- serve --demo {{ ARGS }}

# Everything that has to hold before a change lands.
test:
    scripts/test

# The running server against its four documents, by schemathesis, with so many random requests of each operation.
contract-test EXAMPLES="5":
    CONTRACT_TEST_EXAMPLES={{ EXAMPLES }} scripts/contract-test

# The long form of the tests of faults: kills, outages, hangs, full disks, slow and many clients; prints the figures.
torture:
    scripts/torture

# Measure on a million cases beside what the databases do alone, and write docs/performance.md; arguments go to the program.
bench *ARGS:
    scripts/bench {{ ARGS }}

# Format, clippy and rustdoc alone, as the test command judges them.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --features docket-persistence/testing

# Format the code.
fmt:
    cargo fmt --all

# Write openapi/<dialect>.json anew from the handlers.
openapi:
    #!/usr/bin/env bash
    set -euo pipefail
    mkdir -p openapi
    new=$(mktemp)
    trap 'rm -f "$new"' EXIT
    for dialect in native trackops services caseiq; do
        # A dialect that fails leaves its file as it was.
        cargo run --quiet -- openapi "$dialect" >"$new"
        cat "$new" >"openapi/$dialect.json"
        echo "openapi/$dialect.json"
    done

# Create an empty migration of that name for both databases.
migration NAME:
    #!/usr/bin/env bash
    set -euo pipefail
    name={{ quote(NAME) }}
    [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || { echo "a migration's name is made of a-z, 0-9 and _" >&2; exit 1; }
    folder=$(date -u +%Y-%m-%d-%H%M%S)_$name
    for database in sqlite postgres; do
        mkdir -p "migrations/$database/$folder"
        for way in up down; do
            : >"migrations/$database/$folder/$way.sql"
            echo "migrations/$database/$folder/$way.sql"
        done
    done

# What CI runs: install the missing tools, then the test command, where nothing may be left out.
ci:
    .ci/run
