#!/bin/sh
# The entry of the image: portal, worker, or a command such as migrate, doctor, keys, export, backup.
set -eu
command=${1:-portal}
[ $# -eq 0 ] || shift
case $command in
  portal) exec node --max-semi-space-size=4 --heap-growing-percent=20 /concord/scripts/start.mjs ;;
  healthy)
    # Of what runs as the container's first process.
    case $(tr '\0' ' ' </proc/1/cmdline) in
      *start.mjs*) exec node /concord/commands/healthy.mjs portal ;;
      *worker.mjs*) exec node /concord/commands/healthy.mjs worker ;;
      *) exit 0 ;;
    esac ;;
  *)
    if [ ! -f "/concord/commands/$command.mjs" ]; then
      echo "There is no command $command. There are: portal $(cd /concord/commands && ls *.mjs | grep -v ^chunk- | sed 's/\.mjs$//' | tr '\n' ' ')" >&2
      exit 1
    fi
    exec node "/concord/commands/$command.mjs" "$@" ;;
esac
