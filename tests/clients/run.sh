#!/bin/sh
# Runs unmodified clients against the gateway. Needs python3 with pip.
#
#   tests/clients/run.sh [BINARY]
#
# Without BINARY the release build is used, and built first. Packages go to target/clients, a folder
# for each version of a client, and are installed once.
set -eu
# The packages stand apart from whatever else is installed on the machine.
export PIP_NO_WARN_CONFLICTS=1 PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

if [ $# -gt 0 ]; then
    binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
else
    cargo build --release --manifest-path "$root/Cargo.toml" --package nearside
    binary=$target/release/nearside
fi

while read -r client version; do
    packages=$target/clients/$client-$version
    wanted=$(printf '%s==%s\n' "$client" "$version"; cat "$here/requirements.txt")
    if [ "$(cat "$packages/installed" 2>/dev/null)" != "$wanted" ]; then
        rm -rf "$packages"
        python3 -m pip install --quiet --target "$packages" \
            --requirement "$here/requirements.txt" "$client==$version"
        printf '%s' "$wanted" > "$packages/installed"
    fi
    echo "$client-python $version"
    PYTHONPATH=$packages PYTHONDONTWRITEBYTECODE=1 NEARSIDE_BINARY=$binary \
        python3 -m pytest --quiet -p no:cacheprovider "$here/test_$client"*.py < /dev/null
done < "$here/versions.txt"
