#!/bin/bash
# usage: session-supervisor.sh DIR
# Prints "ready" and waits for the end of its standard input, so that nothing outlives the test that started it;
# then it kills every process that has DIR in its command line or its environment and removes DIR.
DIR=$1
echo ready
while read -r _; do :; done
# The pattern comes by standard input, or grep would find itself. While grep looks, a process may hand over to its child
# and end, as QEMU does to go to the background: so it looks again when it has found nothing.
quiet=0
while [ "$quiet" -lt 3 ]; do
  found=$(echo "$DIR/" | grep -lsF -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ | cut -d/ -f3 | grep -vx "$$")
  quiet=$((quiet + 1))
  for pid in $found; do
    quiet=0
    kill -KILL "$pid" 2>/dev/null
  done
done
rm -rf "$DIR"
