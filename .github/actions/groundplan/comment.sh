#!/usr/bin/env bash
# Posts a report as a comment on a pull request, or puts it in the place of the one that an earlier run posted.
#
#   comment.sh REPORT [--update-only]
#
# The first line of the report is a hidden marker, such as `<!-- groundplan: NAME -->`. The comment to replace begins with the
# same line and was written by the owner of the token, whatever others write. `--update-only` posts no first comment.
# Reads GITHUB_REPOSITORY (owner/name), PULL_REQUEST (its number) and GITHUB_TOKEN. Fails when there is no comment with
# the report afterwards, and says why.
set -euo pipefail
# shellcheck source=github.sh
source "$(dirname "${BASH_SOURCE[0]}")/github.sh"

# GitHub takes so many characters; there are never more characters than bytes.
readonly limit=65536

report=$1 mode=${2-}
marker=$(head -n 1 "$report")
if [[ $marker != '<!-- groundplan'*' -->' ]]; then
  say "no comment: the report does not begin with its marker"
  exit 1
fi
if (($(wc -c <"$report") > limit)); then
  say "no comment: the report has more than $limit bytes"
  exit 1
fi
if [[ ! $PULL_REQUEST =~ ^[0-9]+$ ]]; then
  say "no comment: '$PULL_REQUEST' is not the number of a pull request"
  exit 1
fi

# Asks GitHub; the arguments after the query give jq its variables. GraphQL reports a missing right in the answer.
ask() {
  local query=$1 answer errors
  shift
  answer=$(jq --null-input "$@" --arg query "$query" '{query: $query, variables: ($ARGS.named | del(.query))}' |
    post graphql) || return
  errors=$(jq --raw-output '[.errors[]?.message] | join("; ")' <<<"$answer") || return
  if [[ -n $errors ]]; then
    say "no comment: $errors"
    return 1
  fi
  printf '%s\n' "$answer"
}

# shellcheck disable=SC2016 # variables of GraphQL
readonly look='query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    id
    comments(first: 100, after: $after) {
      nodes { id viewerDidAuthor body }
      pageInfo { hasNextPage endCursor }
    }
  } }
}'
# shellcheck disable=SC2016
readonly add='mutation($subject: ID!, $body: String!) {
  addComment(input: {subjectId: $subject, body: $body}) { clientMutationId }
}'
# shellcheck disable=SC2016
readonly update='mutation($id: ID!, $body: String!) {
  updateIssueComment(input: {id: $id, body: $body}) { clientMutationId }
}'

after=null comment=
while [[ -z $comment ]]; do
  page=$(ask "$look" --arg owner "${GITHUB_REPOSITORY%%/*}" --arg name "${GITHUB_REPOSITORY#*/}" \
    --argjson number "$PULL_REQUEST" --argjson after "$after")
  found=$(jq .data.repository.pullRequest <<<"$page")
  comment=$(jq --raw-output --arg marker "$marker" '
    first(.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith($marker))) | .id) // empty' <<<"$found")
  after=$(jq '.comments.pageInfo | select(.hasNextPage) | .endCursor' <<<"$found")
  [[ -n $after ]] || break
done

if [[ -n $comment ]]; then
  ask "$update" --arg id "$comment" --rawfile body "$report" >/dev/null
elif [[ $mode != --update-only ]]; then
  ask "$add" --arg subject "$(jq --raw-output .id <<<"$found")" --rawfile body "$report" >/dev/null
fi
