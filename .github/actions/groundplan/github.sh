# shellcheck shell=bash
# Requests to GitHub, for the scripts beside this file. GITHUB_TOKEN is on no command line.

# Sends standard input as JSON to an address below the API, and prints the answer.
post() {
  curl --silent --show-error --fail --max-time 60 \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' \
    --header @<(printf 'Authorization: Bearer %s\n' "$GITHUB_TOKEN") --data-binary @- \
    "${GITHUB_API_URL:-https://api.github.com}/$1"
}

say() {
  printf 'groundplan: %s\n' "$1" >&2
}
