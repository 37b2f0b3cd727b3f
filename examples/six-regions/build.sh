#!/bin/sh
# One image, published to six regions side by side; one region fails and is retried alone. Against any server:
#
#   BLDST_URL=http://127.0.0.1:8080 BLDST_API_KEY=dev-key-12345 ./build.sh
#
# Every command is printed before it is run. The first one that ends in another way than it should ends it with 1.
set -eu

: "${BLDST_URL:?Set BLDST_URL to the address of a server, such as http://127.0.0.1:8080.}"
: "${BLDST_API_KEY:?Set BLDST_API_KEY to a key that may write.}"
export BLDST_TRACKER="$BLDST_URL" BLDST_API_KEY
example=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$example/buildstate.yaml" "$work"
cd "$work"

title() { printf '\n# %s\n' "$*"; }

# shown COMMAND: a command line, printed and run.
shown() {
  printf '$ %s\n' "$1"
  sh -euc "$1"
}

# run_ending CODE: a run whose output is kept, because six regions speak at once; it must end with CODE.
run_ending() {
  printf '$ bldst run > run.log 2>&1; echo "exit code $?"\n'
  code=0
  bldst run > run.log 2>&1 || code=$?
  echo "exit code $code"
  test "$code" = "$1"
}

title 'Six regions side by side. One has no room for another image.'
touch quota-eu-west-1
run_ending 3
shown "grep '^\[' run.log | sort"
shown "grep -o 'Branch eu-west-1 failed.*' run.log"

title 'Five regions are done. The build waits for the sixth.'
shown 'bldst build tree golden-image:1'
shown 'bldst build get golden-image:1 --json | jq .blocked_by[].branch_key'

title 'There is room again. The same line retries that region alone, and then goes on.'
rm quota-eu-west-1
run_ending 0
shown "grep '^\[' run.log | sort"
shown "tail -n 1 run.log | grep -o 'State 100.*'"
shown 'bldst build history golden-image:1/eu-west-1 --json | jq -r ".[] | \"\(.state) \(.status)\""'
shown 'bldst build tree golden-image:1'
