#!/bin/sh
# Builds telephony/console/static/vendor.js, or the file named, out of the versions that package-lock.json pins.
# The same bytes every time; needs Node 20 and npm, and only when a version changes: the bundle is committed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
into=${1:-$here/../../telephony/console/static/vendor.js}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/vendor.mjs" "$build"
(
  cd "$build"
  npm ci --silent --no-audit --no-fund
  ./node_modules/.bin/esbuild vendor.mjs --bundle --minify --format=esm --target=es2022 --legal-comments=none \
    --outfile=vendor.js --log-level=warning
)
cat "$here/licences.txt" "$build/vendor.js" >"$into"
