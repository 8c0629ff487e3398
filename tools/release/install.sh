#!/usr/bin/env bash
# Installs a release of iaclint for the action: install.sh VERSION [SHA-256].
# The archive is verified before anything in it is used.
set -euo pipefail

version=$1 checksum=${2:-}
base=${IACLINT_RELEASES:-https://github.com/iaclint/iaclint/releases}

case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS* | CYGWIN*) os=windows ;;
  *) echo "::error::iaclint has no release for $(uname -s)" && exit 3 ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=amd64 ;;
  arm64 | aarch64) arch=arm64 ;;
  *) echo "::error::iaclint has no release for $(uname -m)" && exit 3 ;;
esac
if [ "$version" = own ]; then # the newest release that the changelog beside the action knows
  version=$(sed -nE 's/^## v?([0-9]+\.[0-9]+\.[0-9]+[^ ]*).*/\1/p' "$GITHUB_ACTION_PATH/CHANGELOG.md" | head -n 1)
  [ -n "$version" ] || { echo "::error::this revision of the action comes before the first release: give the version" && exit 3; }
fi
[[ $version =~ ^(latest|v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?)$ ]] || { echo "::error::the version is not one such as 0.1.0" && exit 3; }

fetch() { curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --output "$2" "$1"; }

dir=$(mktemp -d "${RUNNER_TEMP:-/tmp}/iaclint.XXXXXX")
if [ "$version" = latest ]; then
  release=$base/latest/download
  fetch "$release/version.txt" "$dir/version.txt"
  version=$(tr -d '[:space:]' <"$dir/version.txt")
else
  version=${version#v}
  release=$base/download/v$version
fi
suffix=tar.gz
[ $os = windows ] && suffix=zip
archive=iaclint_${version}_${os}_${arch}.$suffix
fetch "$release/$archive" "$dir/$archive"
if [ -z "$checksum" ]; then
  fetch "$release/checksums.txt" "$dir/checksums.txt"
  checksum=$(awk -v name="$archive" '$2 == name { print $1 }' "$dir/checksums.txt")
fi
sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }
[ -n "$checksum" ] && [ "$(sum "$dir/$archive")" = "$checksum" ] || { echo "::error::$archive does not have the expected checksum" && exit 3; }
if [ $suffix = zip ]; then unzip -q "$dir/$archive" -d "$dir"; else tar -xzf "$dir/$archive" -C "$dir"; fi
program=$dir/iaclint
[ $os = windows ] && program=$program.exe
"$program" --version
echo "iaclint=$program" >>"${GITHUB_OUTPUT:-/dev/stdout}"
