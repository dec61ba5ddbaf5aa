#!/bin/bash
# usage: session-supervisor.sh DIR
# Prints "ready" and waits for the end of its standard input, so that nothing outlives the test that started it;
# then it kills every process that has DIR in its command line and removes DIR.
DIR=$1
echo ready
while read -r _; do :; done
# The pattern comes by standard input, or grep would find itself.
while found=$(echo "$DIR/" | grep -lsF -f - /proc/[0-9]*/cmdline | grep -v "^/proc/$$/"); do
  for path in $found; do
    pid=${path#/proc/}
    kill -KILL "${pid%/cmdline}" 2>/dev/null
  done
done
rm -rf "$DIR"
