#!/bin/sh
# Runs unmodified clients against the gateway. Needs python3 with pip, and Node 20 with npm.
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

# wants FOLDER PACKAGES: whether the folder does not hold these yet.
wants() {
    [ "$(cat "$1/installed" 2>/dev/null)" != "$2" ]
}

# check NAME PACKAGES: runs the tests of this name with the Python packages of a folder.
check() {
    PYTHONPATH=$2 PYTHONDONTWRITEBYTECODE=1 NEARSIDE_BINARY=$binary \
        python3 -m pytest --quiet -p no:cacheprovider "$here/test_$1"*.py < /dev/null
}

while read -r client version; do
    packages=$target/clients/$client-$version
    wanted=$(printf '%s==%s\n' "$client" "$version"; cat "$here/requirements.txt")
    if wants "$packages" "$wanted"; then
        rm -rf "$packages"
        python3 -m pip install --quiet --target "$packages" \
            --requirement "$here/requirements.txt" "$client==$version"
        printf '%s' "$wanted" > "$packages/installed"
    fi
    echo "$client-python $version"
    check "$client" "$packages"
done < "$here/versions.txt"

frameworks=$target/clients/frameworks
wanted=$(cat "$here/frameworks.txt")
if wants "$frameworks" "$wanted"; then
    rm -rf "$frameworks"
    python3 -m pip install --quiet --target "$frameworks" --requirement "$here/frameworks.txt"
    printf '%s' "$wanted" > "$frameworks/installed"
fi
echo 'frameworks for Python'
check frameworks "$frameworks"

# Node looks for packages beside the files that it runs.
node=$target/clients/node
mkdir -p "$node"
cp "$here"/node/* "$node"
wanted=$(cat "$here/node/package-lock.json")
if wants "$node" "$wanted"; then
    (cd "$node" && npm ci --silent --no-audit --no-fund)
    printf '%s' "$wanted" > "$node/installed"
fi
echo 'clients for Node'
NODE_PACKAGES=$node check node "$frameworks"
