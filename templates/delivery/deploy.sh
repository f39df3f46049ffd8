# Builds the images of a commit and deploys them. What there is to build and to deploy stands in the SSM parameter
# that PARAMETER names, which Terraform writes; STEPS are build, deploy or both.
set -euo pipefail

@RUN_TASK@

# The value of a secret, by the ARN of its SSM parameter or, as ECS writes it, of a key of its secret in Secrets Manager.
read_secret() {
  local value key
  case $1 in
    arn:*:secretsmanager:*)
      value=$(aws secretsmanager get-secret-value --secret-id "$(printf %s "$1" | cut -d: -f1-7)" \
        --query SecretString --output text) || return
      key=$(printf %s "$1" | cut -d: -f8)
      if [[ -n $key ]]; then
        value=$(query "$value" --arg key "$key" '.[$key]')
      fi
      ;;
    *) value=$(aws ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text) || return ;;
  esac
  if [[ $value == unset ]]; then
    say "error: $1 has no value yet: the README of the infrastructure says how to fill it"
    return 1
  fi
  printf %s "$value"
}

is_pushed() {
  local said
  said=$(aws ecr describe-images --repository-name "${1#*/}" --image-ids "imageTag=$tag" --output json 2>&1) && return
  [[ $said == *ImageNotFoundException* ]] || fail "$said"
  return 1
}

# Builds one image and runs what is to be run in it. Its secrets and credentials are in the environment of this
# subshell only, and on no command line.
make_image() (
  build=$1 image=$2
  arguments=(--tag "$image" --file "$(query "$build" .dockerfile)" --platform "$(query "$build" .platform)")
  variables=()
  while IFS= read -r -d '' argument; do
    arguments+=(--build-arg "$argument")
  done < <(query "$build" -j --arg commit "$commit" '
    ((.args // {}) + (if .commit_arg then {(.commit_arg): $commit} else {} end))
    | to_entries[] | "\(.key)=\(.value)\u0000"')
  while IFS= read -r -d '' variable; do
    variables+=(--env "$variable")
  done < <(query "$build" -j '.environment // {} | to_entries[] | "\(.key)=\(.value)\u0000"')

  if query "$build" -e '.run and (.secrets // {} | has("AWS_ACCESS_KEY_ID") | not)' >/dev/null; then
    credentials=$(aws configure export-credentials --format env)
    for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION; do
      variables+=(--env "$name")
    done
  fi
  secrets=()
  while IFS=$'\t' read -r name source; do
    value=$(read_secret "$source")
    secrets+=("$name=$value")
    arguments+=(--build-arg "$name" --secret "id=$name,env=$name")
    variables+=(--env "$name")
  done < <(query "$build" '.secrets // {} | to_entries[] | [.key, .value] | @tsv')
  eval "${credentials:-}"
  if ((${#secrets[@]} > 0)); then
    export "${secrets[@]}"
  fi

  docker build "${arguments[@]}" "$(query "$build" .context)"
  query "$build" -c '.run // [] | .[]' | while IFS= read -r run; do
    command=()
    while IFS= read -r -d '' word; do
      command+=("$word")
    done < <(query "$run" -j '.[] | "\(.)\u0000"')
    say "Running ${command[*]}"
    docker run --rm ${variables[@]+"${variables[@]}"} "$image" "${command[@]}" </dev/null
  done
)

build() {
  local name build repository
  for name in $(query "$settings" '.builds | keys[]'); do
    build=$(query "$settings" -c --arg name "$name" '.builds[$name]')
    repository=$(query "$build" .repository)
    if is_pushed "$repository"; then
      say "$repository:$tag is there already"
      continue
    fi
    say "Building $repository:$tag"
    aws ecr get-login-password | docker login --username AWS --password-stdin "${repository%%/*}" >/dev/null
    make_image "$build" "$repository:$tag"
    docker push --quiet "$repository:$tag"
  done
}

# Registers a copy of the newest revision of a family in which the containers built here have the new images.
register() {
  local family=$prefix-$1 images definition missing
  images=$(query "$settings" -c --arg name "$1" --arg tag "$tag" '.builds as $builds
    | .families[$name] | map_values("\($builds[.].repository):\($tag)")')
  definition=$(aws ecs describe-task-definition --task-definition "$family" --output json | jq .taskDefinition)
  missing=$(query "$definition" --argjson images "$images" '
    ($images | keys) - [.containerDefinitions[].name] | join(", ")')
  if [[ -n $missing ]]; then
    fail "$family has no container $missing: apply the infrastructure first"
  fi
  definition=$(query "$definition" -c --argjson images "$images" '
    .containerDefinitions |= map(.image = ($images[.name] // .image))
    | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
          .registeredAt, .registeredBy, .deregisteredAt)')
  aws ecs register-task-definition --cli-input-json "$definition" \
    --query taskDefinition.taskDefinitionArn --output text
}

# Waits until a service runs a revision and nothing else.
wait_for_service() {
  local service=$1 revision=$2 found state
  while :; do
    found=$(aws ecs describe-services --cluster "$cluster" --services "$service" --output json | jq '.services[0]')
    state=$(query "$found" --arg revision "$revision" '
      ([.deployments[] | select(.taskDefinition == $revision)] | first) as $new
      | if ($new == null) or $new.rolloutState == "FAILED" or $new.status != "PRIMARY" then "rolled back"
        elif $new.rolloutState == "COMPLETED" then "stable"
        else "waiting" end')
    case $state in
      stable)
        say "$service is stable"
        return
        ;;
      "rolled back")
        say "error: ECS rolled back $service: it does not run $revision"
        query "$found" '.deployments[].rolloutStateReason // empty, (.events[:5][] | .message)' >&2
        return 1
        ;;
    esac
    if ((SECONDS >= deadline)); then
      say "error: $service is not stable yet"
      query "$found" '.events[:5][] | .message' >&2
      return 1
    fi
    sleep "${POLL_SECONDS:-5}"
  done
}

deploy() {
  local name repository task network code failed=0
  declare -A revisions=()
  for repository in $(query "$settings" '.builds[].repository'); do
    is_pushed "$repository" || fail "$repository has no image $tag: run the step build first"
  done
  for name in $(query "$settings" '.families | keys[]'); do
    revisions[$name]=$(register "$name")
    [[ ${revisions[$name]} == arn:* ]] || fail "no new revision of $prefix-$name was registered"
    say "Registered ${revisions[$name]}"
  done

  while IFS= read -r task; do
    name=$(query "$task" .name)
    [[ -n ${revisions[$name]-} ]] || fail "no new revision of $prefix-$name was registered"
    network=$(query "$settings" -c --argjson task "$task" '{awsvpcConfiguration: {
      subnets: .subnets, securityGroups: $task.security_groups, assignPublicIp: .public_ip}}')
    say "Running $name"
    code=0
    run_task "$cluster" "${revisions[$name]}" "$(query "$task" .container)" "$network" \
      "$(query "$task" '.timeout // 0')" </dev/null || code=$?
    ((code == 0)) || fail "$name failed with exit code $code: no service was changed"
  done < <(query "$settings" -c '.tasks | sort_by(.order) | .[]')

  for name in $(query "$settings" '.services[]'); do
    [[ -n ${revisions[$name]-} ]] || fail "no new revision of $prefix-$name was registered"
    aws ecs update-service --cluster "$cluster" --service "$prefix-$name" --task-definition "${revisions[$name]}" \
      --output json >/dev/null
    say "Updating $prefix-$name"
  done
  deadline=$((SECONDS + $(query "$settings" .timeout)))
  for name in $(query "$settings" '.services[]'); do
    wait_for_service "$prefix-$name" "${revisions[$name]}" || failed=1
  done
  ((failed == 0)) || fail "not every service runs the new revision"
}

export AWS_PAGER="" DOCKER_BUILDKIT=1 BUILDX_NO_DEFAULT_ATTESTATIONS=1
export AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:?no region}}
commit=${COMMIT:-${GITHUB_SHA:-${CIRCLE_SHA1:?no commit}}}
# A tag has letters, digits, `_`, `.` and `-`, and begins with one of the first three.
tag=${commit//[^A-Za-z0-9_.-]/_}
tag=${tag:0:128}
settings=$(aws ssm get-parameter --name "${PARAMETER:?}" --query Parameter.Value --output text | jq -c 'del(..|nulls)')
prefix=$(query "$settings" .prefix)
cluster=$(query "$settings" .cluster)
for step in ${STEPS:?}; do
  case $step in
    build | deploy) "$step" ;;
    *) fail "there is no step $step" ;;
  esac
done
