#!/bin/sh
# Starts Redis with redis.conf beside this file and the password of the Secret. The configuration goes in by stdin: so
# the password is on no command line, in no environment and in no other file.
set -eu
folder=$(dirname "$0")
password=$(tr -d '\r\n' <"$REDIS_PASSWORD_FILE" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; s/["\\]/\\&/g')
if [ -z "$password" ]; then
  echo "$REDIS_PASSWORD_FILE is empty: put a password into the key \"password\" of the Secret." >&2
  exit 1
fi
exec redis-server - <<CONFIG
$(cat "$folder/redis.conf")
requirepass "$password"
CONFIG
