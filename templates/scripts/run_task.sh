# What a jq filter gives of a JSON text: query TEXT [OPTION...] FILTER
query() {
  local text=$1
  shift
  printf '%s\n' "$text" | jq -r "$@"
}

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "error: $*"
  exit 1
}

# Prints what the container has logged since the last call. Its stream appears with its first line.
show_log() {
  local page next
  while page=$(aws logs get-log-events --log-group-name "$log_group" --log-stream-name "$log_stream" \
    --start-from-head ${log_token:+--next-token "$log_token"} --output json 2>&1); do
    query "$page" '.events[].message'
    next=$(query "$page" .nextForwardToken)
    if [[ $next == "$log_token" ]]; then
      return
    fi
    log_token=$next
  done
  case $page in
    *ResourceNotFoundException*) ;;
    *) say "The log cannot be read: $page" ;;
  esac
}

# Runs a task to its end, shows its log and returns the exit code of its main container; 124 when it took too long,
# 125 when the container never ran.
#   run_task CLUSTER TASK_DEFINITION CONTAINER NETWORK TIMEOUT [ARGUMENT OF aws ecs run-task...]
run_task() {
  local cluster=$1 definition=$2 container=$3 network=$4 timeout=$5
  shift 5
  local options started arn task code deadline log_group log_stream log_token=
  options=$(aws ecs describe-task-definition --task-definition "$definition" --output json |
    jq --arg container "$container" '.taskDefinition.containerDefinitions[]
      | select(.name == $container) | .logConfiguration.options') || return 125
  log_group=$(query "$options" '."awslogs-group"')

  started=$(aws ecs run-task --cluster "$cluster" --task-definition "$definition" --launch-type FARGATE \
    --network-configuration "$network" --count 1 --output json "$@") || return 125
  arn=$(query "$started" '.tasks[0].taskArn // empty')
  if [[ -z $arn ]]; then
    say "ECS did not start the task: $(query "$started" '[.failures[]? | .reason] | join(", ")')"
    return 125
  fi
  say "Started $arn"
  log_stream=$(query "$options" '."awslogs-stream-prefix"')/$container/${arn##*/}

  deadline=$((SECONDS + timeout))
  while :; do
    task=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$arn" --output json | jq '.tasks[0]') || return 125
    if [[ $(query "$task" .lastStatus) == STOPPED ]]; then
      break
    fi
    show_log
    if ((timeout > 0 && SECONDS >= deadline)); then
      aws ecs stop-task --cluster "$cluster" --task "$arn" --reason "Longer than $timeout seconds" \
        --output json >/dev/null
      show_log
      say "The task ran longer than $timeout seconds and was stopped"
      return 124
    fi
    sleep "${POLL_SECONDS:-5}"
  done
  show_log

  code=$(query "$task" --arg container "$container" '
    .containers[] | select(.name == $container) | .exitCode // empty')
  if [[ -z $code ]]; then
    say "The container never ran: $(
      query "$task" '[.stoppedReason, .containers[].reason] | map(select(.)) | join("; ")'
    )"
    return 125
  fi
  return "$code"
}
