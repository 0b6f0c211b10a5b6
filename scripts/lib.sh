# Shared by the scripts in this folder: where things are, how to speak, and the environment that
# builds the page for wasm32. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${POLYARCH_TOOLS:-$root/.tools}
target=${CARGO_TARGET_DIR:-$root/target}
trunk_version=0.21.14

# One line about what happens now; the only output of a step that has something to do.
say() { printf '\033[1;36m▸\033[0m %s\n' "$*" >&2; }

die() {
    printf '\033[1;31merror:\033[0m %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The version of wasm-bindgen that the lock file pins; its command-line tool must be of exactly it.
locked_wasm_bindgen() {
    awk '/^name = "wasm-bindgen"$/ { getline; gsub(/version = |"/, ""); print; exit }' \
        "$root/Cargo.lock"
}

# Runs a command with the compiler, linker and tools that build wasm32. `.tools/wasm.env` exists
# where rustup has no such target to give and Debian's compiler builds the standard library too;
# another compiler gets another target folder, so that neither undoes the other's work.
with_wasm() {
    (
        PATH="$tools/bin:$root/node_modules/.bin:$PATH"
        if [ -f "$tools/wasm.env" ]; then
            # shellcheck disable=SC1091
            . "$tools/wasm.env"
        fi
        export PATH CARGO_TARGET_DIR="$target/wasm"
        cd "$root" && "$@"
    )
}
