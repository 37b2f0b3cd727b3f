#!/bin/sh
# A build from nothing to state 100 with a failure and a resume between, by curl and jq alone, against any server:
#
#   BLDST_URL=http://127.0.0.1:8080 BLDST_API_KEY=dev-key-12345 ./build.sh
#
# Every request and what matters of its answer is printed. The first answer that is not expected ends it with 1.
set -eu

: "${BLDST_URL:?Set BLDST_URL to the address of a server, such as http://127.0.0.1:8080.}"
: "${BLDST_API_KEY:?Set BLDST_API_KEY to a key that may write.}"
api=${BLDST_URL%/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

title() { printf '\n# %s\n' "$*"; }

# call STATUS METHOD PATH [JSON]: one request, which must be answered with STATUS. Neither the key nor a body is ever
# an argument of a program, where everybody on this machine could read it.
call() {
  wanted=$1 method=$2 path=$3
  shift 3
  printf '> %s %s%s\n' "$method" "$path" "${1:+ ${shown:-$(printf '%s' "$1" | jq --compact-output .)}}"
  printf 'header = "X-API-Key: %s"\n' "$BLDST_API_KEY" > "$work/config"
  if [ $# -gt 0 ]; then
    printf '%s' "$1" > "$work/request"
    printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$work/request" >> "$work/config"
  fi
  status=$(curl --silent --show-error --config "$work/config" --request "$method" \
    --output "$work/answer" --write-out '%{http_code}' "$api$path")
  [ "$status" = "$wanted" ] && return
  printf '< %s, where %s was expected:\n' "$status" "$wanted" >&2
  cat "$work/answer" >&2
  exit 1
}

# show FILTER: what matters of the last answer.
show() { jq --compact-output "$1" "$work/answer" | sed "s/^/< $status /"; }

title 'Register a build. Its project and platform are made on first use, its number is the next one.'
call 201 POST /builds '{"project": "rhel9-base", "platform": "aws-commercial", "os_version": "rhel-9.4"}'
show '{build_number, status, current_state}'
build=$(jq --raw-output .id "$work/answer")

title 'Report states, by code or by name. What a state made is named with its checksum.'
call 201 POST "/builds/$build/state" '{"state": 5, "status": "started"}'
show '{state, status, attempt}'
call 201 POST "/builds/$build/state" '{"state_name": "base-image-created", "artifact_storage_type": "s3",
  "artifact_storage_path": "s3://images/rhel9/base.qcow2", "artifact_size_bytes": 1073741824,
  "artifact_checksum": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}'
show '{state, status, artifact_storage_path}'

title 'Register an artifact that a resumed build may start from.'
call 201 POST "/builds/$build/artifacts" '{"artifact_name": "base-image", "artifact_type": "disk_image",
  "artifact_path": "s3://images/rhel9/base-signed.qcow2", "storage_backend": "s3", "state_code": 10,
  "size_bytes": 1073741824, "is_resumable": true,
  "checksum": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}'
show '{artifact_name, state_code, is_resumable, verification_status}'

title 'Set what a resumed build needs. A sensitive value is sealed, and answered only to who asks for it by its key.'
call 201 POST "/builds/$build/variables" \
  '{"variable_key": "instance_ip", "variable_value": "10.0.0.7", "is_required_for_resume": true}'
show '{variable_key, variable_value}'
shown='{"variable_key": "vault_password", …}'
call 201 POST "/builds/$build/variables" \
  '{"variable_key": "vault_password", "variable_value": "correct horse", "is_sensitive": true}'
unset shown
show '{variable_key, variable_value, is_sensitive}'

title 'State 25 fails. The answer says what kind of failure it is and whether it is tried again.'
call 201 POST "/builds/$build/state" '{"state": 25, "status": "started"}'
show '{state, status, attempt}'
call 201 POST "/builds/$build/failure" \
  '{"state_code": 25, "error_message": "Connection timed out after 30000 ms", "component": "ansible"}'
show '.retry_decision | {retry, category, strategy, attempt, max_attempts, delay_seconds}'

title 'A failure does not disappear because something later is reported.'
call 409 POST "/builds/$build/state" '{"state": 50}'
show '{code, detail}'

title 'Another machine asks how to go on.'
call 200 GET "/builds/$build/resume-context"
show '{resumable, resume_from_state, last_successful_state}'
show '.artifacts[] | {artifact_name, artifact_path}'
show '{variables, masked_variables}'
from=$(jq .resume_from_state "$work/answer")

title 'It says that it does, and does.'
call 201 POST "/builds/$build/resume" "{\"resume_from_state\": $from, \"resume_reason\": \"The mirror is back\"}"
show '{resume_from_state, orchestration_status}'
call 201 POST "/builds/$build/state" "{\"state\": $from, \"status\": \"started\", \"reported_by\": \"worker-2\"}"
show '{state, status, attempt}'
call 201 POST "/builds/$build/state" "{\"state\": $from, \"reported_by\": \"worker-2\"}"
show '{state, status, attempt}'

title 'On to the end.'
for state in 50 70 100; do
  call 201 POST "/builds/$build/state" "{\"state\": $state}"
  show '{state, status, current_state, build_status}'
done

title 'What is on record.'
call 200 GET "/builds/$build"
show '{status, current_state, last_successful_state, progress_line}'
call 200 GET "/builds/$build/states"
show '.[] | {state, attempt, status, error_category}'
call 200 GET "/builds/$build/resume-requests"
show '.[] | {resume_from_state, orchestration_status}'
