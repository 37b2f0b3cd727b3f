#!/bin/sh
# A build from nothing to state 100 with a failure and a resume between, by bldst alone, against any server:
#
#   BLDST_URL=http://127.0.0.1:8080 BLDST_API_KEY=dev-key-12345 ./build.sh
#
# Every command is printed before it is run. The first one that ends in another way than it should ends it with 1.
set -eu

: "${BLDST_URL:?Set BLDST_URL to the address of a server, such as http://127.0.0.1:8080.}"
: "${BLDST_API_KEY:?Set BLDST_API_KEY to a key that may write.}"
export BLDST_TRACKER="$BLDST_URL" BLDST_API_KEY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/machine-a" "$work/machine-b"

title() { printf '\n# %s\n' "$*"; }

# A word as it would be typed.
quoted() {
  case $1 in
    *[!A-Za-z0-9_.:/@=,+-]*) printf " '%s'" "$1" ;;
    *) printf ' %s' "$1" ;;
  esac
}

# run WORDS…: a bldst command line, printed and run; run_ending CODE WORDS…: one that must end with CODE.
run_ending() {
  code=$1
  shift
  printf '$ bldst'
  for word in "$@"; do quoted "$word"; done
  printf '\n'
  ended=0
  bldst "$@" 2>&1 || ended=$?
  [ "$ended" -eq 0 ] || printf '(exit code %s)\n' "$ended"
  [ "$ended" -eq "$code" ] || exit 1
}
run() { run_ending 0 "$@"; }

title 'Register a build. With --save, commands in this folder are about it.'
cd "$work/machine-a"
run build create --project rhel9-base --platform azure-west --save -o id
build=$(cat .bldst-build)

title 'Put "bldst step" in front of a command: it records the state, and stores what the command makes.'
run step --state 10 --produces base-image=base.img -- sh -c 'printf "a base image" > base.img'
run artifact list-resumable
run artifact verify base-image --deep

title 'Reports from scripts. A sensitive value comes on standard input.'
run build add-state --state package-repositories --message 'Mirrors are set'
run variable set instance_ip=10.0.0.7 --required-for-resume
printf 'correct horse' | run variable set vault_password=- --sensitive

title 'State 25 fails. The exit code is the command'\''s own, and the retry decision is said.'
run_ending 3 step --state 25 --needs base-image -- sh -c 'echo "Connection timed out" >&2; exit 3'
run_ending 1 build check
run build failures

title 'Another machine goes on: it fetches the artifact, and checks it before anything else sees it.'
cd "$work/machine-b"
export BLDST_BUILD_ID="$build"
run build resume-context --verify
eval "$(bldst build resume-context -o env)"
printf '%s\n' "RESUME_STATE=$RESUME_STATE BLDST_VAR_INSTANCE_IP=$BLDST_VAR_INSTANCE_IP"
run resume create --reason 'The mirror is back' -o env
run step --state "$RESUME_STATE" --needs base-image --produces hardened=hardened.img -- \
  sh -c 'cat "$BLDST_ARTIFACT_BASE_IMAGE" > hardened.img; printf ", hardened" >> hardened.img'
run artifact download hardened ./fetched.img -o env

title 'On to the end.'
run build add-state --state 50
run step --state 70 --needs hardened -- sh -c 'grep -q hardened "$BLDST_ARTIFACT_HARDENED"'
run build add-state --state 100

title 'What is on record.'
run build check
run build history
run resume list
