#!/usr/bin/env bash
# Builds the files of a release from its tag: tag.sh v0.1.0 DIR. The newest version
# of the changelog must be that of the tag, and the documents must name it: the
# action installs the one that the changelog has.
set -euo pipefail
cd "$(dirname "$0")/../.."

tag=$1 out=$2 version=${1#v}
[[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "tag $tag is not one such as v0.1.0"; exit 2; }
newest=$(sed -nE 's/^## v?([0-9]+\.[0-9]+\.[0-9]+[^ ]*).*/\1/p' CHANGELOG.md | head -n 1)
[ "$newest" = "$version" ] || { echo "the newest version of CHANGELOG.md is ${newest:-none}, not $version"; exit 2; }
for file in README.md docs/ci.md; do
  grep -qF "$version" "$file" || { echo "$file does not name $version"; exit 2; }
done
go run tools/release/main.go -version "$version" -out "$out"
# What changed: the section of the version.
awk -v version="$version" '/^## /{ on = ($2 == version || $2 == "v" version); next } on' CHANGELOG.md >"$out/notes.md"
