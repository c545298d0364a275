#!/bin/sh
# health.sh ready: Redis takes commands, be it that the Secret has changed since it was started: who has its password is
# served, and who has the new one hears that it is wrong. health.sh live: it answers, be it that it is still reading its
# data, or that its disk is full: a restart by the kubelet helps with neither.
# The password goes to redis-cli by stdin: printf is the shell's own and is seen by nobody.
set -eu
password=$(tr -d '\r\n' <"$REDIS_PASSWORD_FILE" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; s/["\\]/\\&/g')
answer=$(printf 'AUTH "%s"\nPING\n' "$password" | redis-cli -h 127.0.0.1 2>&1) || true
case "$1 $answer" in
*PONG* | *WRONGPASS*) ;;
ready* | "live " | *"Could not connect"* | *Error:*)
  echo "$answer" >&2
  exit 1
  ;;
esac
