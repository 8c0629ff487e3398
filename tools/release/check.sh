#!/usr/bin/env bash
# Runs iaclint for the action: once, with annotations in the log and SARIF in a
# file. All of the user's words come through the environment.
set -uo pipefail

arguments=(check --format github --format "sarif=$SARIF")
[ -n "${CONFIG:-}" ] && arguments+=(--config "$CONFIG")
[ -n "${FAIL_ON:-}" ] && arguments+=(--fail-on "$FAIL_ON")
[ -n "${NEW_FROM:-}" ] && arguments+=(--merge-base --new-from "$NEW_FROM")
while IFS= read -r line; do
  [ -n "$line" ] && arguments+=("$line")
done <<<"${ARGS:-}"
arguments+=(--)
while IFS= read -r line; do
  [ -n "$line" ] && arguments+=("$line")
done <<<"${PATHS:-.}"

"$IACLINT" "${arguments[@]}"
status=$?
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/stdout}"
exit 0
