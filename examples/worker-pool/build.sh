#!/bin/sh
# A build that three workers share, one of which is killed, against any server:
#
#   BLDST_URL=http://127.0.0.1:8080 BLDST_API_KEY=dev-key-12345 ./build.sh
#
# Each worker has a home and a working copy of its own, as on three machines: they know of one another only by the server.
set -eu

: "${BLDST_URL:?Set BLDST_URL to the address of a server, such as http://127.0.0.1:8080.}"
: "${BLDST_API_KEY:?Set BLDST_API_KEY to a key that may write.}"
export BLDST_TRACKER="$BLDST_URL" BLDST_API_KEY
work=$(mktemp -d)
trap 'touch "$work/end"; rm -rf "$work"' EXIT
export WORK="$work"

title() { printf '\n# %s\n' "$*"; }
shown() { printf '$ %s\n' "$*"; }

# worker NAME WORDS…: a bldst worker in the home of that name; what it tells goes to a file of its own.
worker() {
  name=$1
  shift
  mkdir "$work/$name"
  cp "$work/buildstate.yaml" "$work/$name/"
  cd "$work/$name"
  shown "bldst worker $*"
  HOME="$work/$name" WORKER="$name" bldst worker "$@" >"$work/$name.log" 2>&1 &
  last=$!
}

# until_there FILE: waits for a file, two minutes at most.
until_there() {
  tries=0
  until [ -e "$1" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || { cat "$work"/*.log; exit 1; }
    sleep 0.1
  done
}

told() {
  tries=0
  until grep -q "$2" "$work/$1.log"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || { cat "$work/$1.log"; exit 1; }
    sleep 0.1
  done
}

told() { sed 's/^/  /' "$work/$1.log"; }

cat >"$work/buildstate.yaml" <<'YAML'
project: images
states:
  - code: 10
    run: echo base >image.txt
    produces: { base: image.txt }
  - code: 30
    needs: { base: image.txt }
    run: echo hardened >>image.txt
    produces: { hardened: image.txt }
  # The worker b is killed here: it would work until the script ends.
  - code: 50
    needs: { hardened: image.txt }
    run: |
      touch "$WORK/$WORKER-is-at-50"
      while [ "$WORKER" = b ] && [ ! -e "$WORK/end" ]; do sleep 0.1; done
      echo application >>image.txt
    produces: { application: image.txt }
  - code: 100
    needs: { application: image.txt }
    run: cat image.txt
YAML

title 'A build waits; nobody has begun it'
shown 'bldst build create --project images --number 7'
bldst build create --project images --number 7 -o id >"$work/build"
build=$(cat "$work/build")

title 'Worker a does the states up to 30 of whatever waits'
worker a --states 0-30 --max-builds 1
wait "$last"
told a

title 'Worker b goes on at 50, and is killed there'
worker b --states 35-100 --ttl 3s
b=$last
until_there "$work/b-is-at-50"
kill -KILL "$b"
wait "$b" 2>/dev/null || true
told b
echo '  Killed'

title 'Worker c waits until the lease of b has run out, claims the build and finishes it'
worker c --states 35-100 --max-builds 1
wait "$last"
told c

title 'What the record says'
shown 'bldst build history images:7'
bldst build history "$build"
