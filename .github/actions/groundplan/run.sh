#!/usr/bin/env bash
# What a pull request changes, in one comment: makes the report, posts it, and says whether the job fails.
#
#   run.sh DIRECTORY
#
# Takes the variables of report.sh and comment.sh. Without PULL_REQUEST, and where the token may not write, as on pull
# requests from forks, the report goes to the summary of the job, or to its log.
#
# FAIL_ON_DATA_LOSS  `false` lets the job pass when data would be lost
# UPLOAD_SARIF       `true` gives the mistakes to code scanning
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
directory=$1

code=0
# A stack file may be a link: what reads it does not know the token.
env -u GITHUB_TOKEN "$here/report.sh" "$directory" || code=$?
if [[ ! -s $directory/report.md ]]; then
  exit 1
fi

mode=
if ((code == 0)); then
  mode=--update-only
fi
if [[ -z ${PULL_REQUEST-} || -z ${GITHUB_TOKEN-} ]] || ! "$here/comment.sh" "$directory/report.md" "$mode"; then
  cat "$directory/report.md" >>"${GITHUB_STEP_SUMMARY:-/dev/stderr}"
fi
if [[ ${UPLOAD_SARIF-} == true ]]; then
  "$here/sarif.sh" "$directory/groundplan.sarif" || true
fi
if [[ -n ${GITHUB_OUTPUT-} ]]; then
  printf 'exit-code=%s\nreport=%s\nsarif=%s\n' \
    "$code" "$directory/report.md" "$directory/groundplan.sarif" >>"$GITHUB_OUTPUT"
fi

case $code in
  0 | 2) ;;
  3)
    if [[ ${FAIL_ON_DATA_LOSS-} != false ]]; then
      echo "groundplan: data would be lost" >&2
      exit 3
    fi
    ;;
  *) exit 1 ;;
esac
