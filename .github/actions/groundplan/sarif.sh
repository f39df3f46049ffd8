#!/usr/bin/env bash
# Gives a SARIF file to code scanning: sarif.sh FILE. Reads GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF and GITHUB_TOKEN,
# which needs `security-events: write`.
set -euo pipefail
# shellcheck source=github.sh
source "$(dirname "${BASH_SOURCE[0]}")/github.sh"

gzip --no-name --stdout "$1" | base64 | tr -d '\n' |
  jq --raw-input --arg commit "$GITHUB_SHA" --arg ref "$GITHUB_REF" '{commit_sha: $commit, ref: $ref, sarif: .}' |
  post "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" >/dev/null ||
  {
    say "code scanning did not take the SARIF file"
    exit 1
  }
