# Shared by the scripts in this folder: where things are, how to speak, and the environment that
# builds the page for wasm32. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${POLYARCH_TOOLS:-$root/.tools}
target=${CARGO_TARGET_DIR:-$root/target}
trunk_version=0.21.14
cargo_deny_version=0.20.2
version=$(awk -F '"' '/^version = / { print $2; exit }' "$root/Cargo.toml")
# Cargo's profile of the image's programs; tests take one that is built fast.
image_profile=${POLYARCH_IMAGE_PROFILE:-release}

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

# The one time that stands in what is built for others: that of the last commit, unless told.
source_date_epoch() {
    echo "${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}"
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
        # As for the image: what the page says of a panic names no folder of this machine.
        export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="\
--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
        export PATH CARGO_TARGET_DIR="$target/wasm"
        cd "$root" && "$@"
    )
}

# The image's architectures, by the names that Rust and the GNU tools have for them.
declare -A rust_triple=([amd64]=x86_64-unknown-linux-gnu [arm64]=aarch64-unknown-linux-gnu)
declare -A gnu_prefix=([amd64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu)

# This machine's architecture as images name it.
host_architecture() {
    case $(uname -m) in
        aarch64 | arm64) echo arm64 ;;
        *) echo amd64 ;;
    esac
}

# with_image_compiler ARCHITECTURE COMMAND…: runs a command with what compiles and links a static
# program for it. `.tools/image/ARCHITECTURE.env` exists where rustup has no such target to give.
with_image_compiler() {
    (
        local name=${rust_triple[$1]//-/_} cc=${gnu_prefix[$1]}-gcc
        # Named for the other architecture only: a linker of this machine's own would be that of
        # the build scripts too, and each turn would compile what the other one has compiled.
        if [ "$1" != "$(host_architecture)" ]; then
            export "CC_$name=$cc" "AR_$name=${gnu_prefix[$1]}-ar"
            export "CARGO_TARGET_${name^^}_LINKER=$cc"
        fi
        # Panics name source files: not by where this machine keeps them.
        export "CARGO_TARGET_${name^^}_RUSTFLAGS=-C target-feature=+crt-static \
--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
        export CARGO_TARGET_DIR="$target/image"
        unset RUSTFLAGS
        if [ -f "$tools/image/$1.env" ]; then
            # shellcheck disable=SC1090
            . "$tools/image/$1.env"
        fi
        shift
        cd "$root" && "$@"
    )
}

# install_program ARCHITECTURE FILE: what with_image_compiler built, without its symbols.
install_program() {
    local built=$image_profile
    [ "$built" = dev ] && built=debug
    install -m 755 "$target/image/${rust_triple[$1]}/$built/polyarch" "$2"
    "${gnu_prefix[$1]}-strip" "$2"
}
