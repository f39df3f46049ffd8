#!/usr/bin/env bash
# Runs Groundplan on a checked-out pull request and writes all that it says into one report.
#
#   report.sh DIRECTORY
#
# Writes report.md and groundplan.sarif there. Exits as Groundplan does: 0 nothing changes; 1 there are mistakes, or the
# generated files are not what the stack files say; 2 something changes; 3 data would be lost.
#
# GROUNDPLAN  the program; `groundplan` on the path unless set
# STACKS      stack files, a pattern a line; stacks/*.hcl unless set
# OUT         where their directories are; infra unless set
# AGAINST     the revision to compare with; none when empty
# PLANS       plans to review, NAME=FILE a line; none when empty
# NAME        what tells this report from another one on the same pull request
set -euo pipefail

# What fits into a comment, less what the last lines of a report take.
readonly limit=65000
# Of a text for people, that much goes into the report. The log has all of it.
readonly excerpt=12000

directory=$1
groundplan=${GROUNDPLAN:-groundplan} out=${OUT:-infra} against=${AGAINST-} name=${NAME:-pull request}
report=$directory/report.md
mkdir -p "$directory"
rm -f "$report" "$directory/groundplan.sarif"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
verdict=0

# Prints a file into the log. A pull request decides what is in it, so GitHub's runner must not obey any of it.
show() {
  if [[ -z ${GITHUB_ACTIONS-} ]]; then
    cat "$1"
    return
  fi
  local token
  token=$(od -A n -N 16 -t x1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat "$1"
  printf '\n::%s::\n' "$token"
}

# Keeps the worst exit code: mistakes, lost data, changes.
judge() {
  case $1,$verdict in
    0,* | *,1 | 2,3) ;;
    *) verdict=$1 ;;
  esac
}

# Runs a command of Groundplan: `printed` and `said` are what it leaves, `code` how it ends. A crash is a failure.
run() {
  code=0
  "$groundplan" "$@" >"$work/printed" 2>"$work/said" || code=$?
  case $code in
    0 | 2 | 3) ;;
    *) code=1 ;;
  esac
  show "$work/said"
  judge "$code"
}

# Appends standard input to the report; what would make it too long for a comment goes to the log instead.
section() {
  cat >"$work/section"
  if (($(wc -c <"$report") + $(wc -c <"$work/section") > limit)); then
    printf '\n**%s is too long for a comment: the log of this job has it.**\n' "$1" >>"$report"
    show "$work/section"
  else
    printf '\n' >>"$report"
    cat "$work/section" >>"$report"
  fi
}

# What was said to people, as a block that nothing in it can end, since every line of it is indented.
quote() {
  printf '%s\n\n' "$1"
  head -c "$excerpt" "$work/said" | tr '\r' '\n' | sed 's/^/    /'
  printf '\n'
  if (($(wc -c <"$work/said") > excerpt)); then
    printf '\nThe log of this job has the rest.\n'
  fi
}

# The section of a command that prints a report of its own, from the sources that the second argument names.
report_of() {
  if ((code == 1)); then
    quote "**\`groundplan $1\` failed:**" | section "What \`groundplan $1\` says"
  elif ((code != 0)); then
    { printf '*From %s:*\n\n' "$2" && cat "$work/printed"; } | section "What \`groundplan $1\` says"
  fi
}

# A clone without history lacks the revision to compare with.
fetch() {
  git rev-parse --quiet --verify "$against^{commit}" >"$work/said" ||
    git fetch --quiet --no-tags --depth=1 -- origin "$against"
}

shopt -s nullglob
stacks=()
while IFS= read -r pattern; do
  IFS='' # A pattern is split at no space.
  # shellcheck disable=SC2206 # expanded on purpose
  stacks+=($pattern)
  unset IFS
done <<<"${STACKS:-stacks/*.hcl}"
if ((${#stacks[@]} == 0)); then
  echo "groundplan: there is no stack file like ${STACKS:-stacks/*.hcl}" >&2
  exit 1
fi

printf '<!-- groundplan: %s -->\n## Groundplan\n' "${name//[^A-Za-z0-9 ._-]/}" >"$report"

run check -- "${stacks[@]}"
checked=$code
if ((checked != 0)); then
  quote '**There are mistakes in the stack files:**' | section 'The list of mistakes'
else
  run generate --check --out "$out" -- "${stacks[@]}"
  if ((code == 2)); then
    judge 1
    quote "**The generated files are not what the stack files say.** Run \`groundplan generate\` and commit its work:" |
      section 'The list of stale files'
  elif ((code != 0)); then
    quote "**\`groundplan generate\` would refuse:**" | section 'The reason'
  fi
fi
# Once more for the machines: the lines of the pull request, and code scanning.
if [[ -n ${GITHUB_ACTIONS-} ]]; then
  "$groundplan" generate --check --out "$out" --format github -- "${stacks[@]}" 2>"$work/said" || true
fi
"$groundplan" check --format sarif -- "${stacks[@]}" >"$directory/groundplan.sarif" 2>"$work/said" || true

if [[ -n ${PLANS-} ]]; then
  review=(review --format markdown)
  if ((checked == 0 && ${#stacks[@]} == 1)); then
    review+=(--stack "${stacks[0]}")
  fi
  review+=(--)
  while IFS= read -r plan; do
    [[ -z $plan ]] || review+=("$plan")
  done <<<"$PLANS"
  run "${review[@]}"
  report_of review "Terraform's plans"
fi

if [[ -n $against ]] && ((checked == 0)); then
  if fetch; then
    run diff --against "$against" --format markdown --out "$out" -- "${stacks[@]}"
    report_of diff 'the stack files'
  else
    judge 1
    echo '**The revision to compare with cannot be fetched.**' | section 'The reason'
  fi
fi

if ((verdict == 0)); then
  printf '\nNothing changes.\n' >>"$report"
fi
exit "$verdict"
