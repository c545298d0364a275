#!/bin/sh
# health.sh ready: Redis takes commands. health.sh live: it answers, be it that it is still reading its data, that its disk
# is full, or that the Secret has changed since: a restart by the kubelet helps with none of these.
# The password goes to redis-cli by stdin: printf is the shell's own and is seen by nobody.
set -eu
password=$(tr -d '\r\n' <"$REDIS_PASSWORD_FILE" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; s/["\\]/\\&/g')
answer=$(printf 'AUTH "%s"\nPING\n' "$password" | redis-cli -h 127.0.0.1 2>&1) || true
case "$1 $answer" in
*PONG*) ;;
ready* | "live " | *"Could not connect"* | *Error:*)
  echo "$answer" >&2
  exit 1
  ;;
esac
