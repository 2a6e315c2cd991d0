#!/bin/sh
# Tells OrbitDock what Claude Code does: hook.sh <type> [ask], with Claude's JSON on standard input.
# Written by `orbitdock-server init`, which overwrites changes.
#
# It never disturbs the agent: it always exits 0 (2 would block the tool) and prints nothing but the answer to an `ask`.
# An event that cannot be delivered goes to the spool, in order of arrival; the server fetches it from there.

trap 'exit 0' 0
exec 2>/dev/null
# The environment is the user's: options, exported functions and variables with our names must not meddle. An exported
# `body` would go to curl in its environment too, which is limited to 128 KiB.
set +aefuvxC
unset -f cat cd curl date kill ln mv read rm sleep wait
unset IFS payload event_id body reply curl watcher
LC_ALL=C
PATH=/usr/bin:/bin${PATH:+:$PATH}:/usr/local/bin:/opt/homebrew/bin
umask 077

# A pipe that gets the number of a closed stream would feed itself.
true 3<&0 || exit
true 3>&1 || exec >/dev/null

type=$1
mode=$2
case $mode in
  ask) trap exit HUP INT TERM ;;
  *) trap '' HUP INT TERM ;; # Ctrl-C and a closed terminal cost no event: what follows takes seconds at most.
esac

data=@DATA_DIR@
url=@URL@
socket=@SOCKET@
host_id=@HOST_ID@
spool=$data/spool
# The path of a socket is limited to about 100 bytes, its name never is; and nobody's directory is held open.
cd "$data" || exit

# add <key> <text>: puts a text into the body; one that would need escaping in JSON is left out.
add() {
  case $2 in
    '' | *[\"\\[:cntrl:]]*) ;;
    *) body="$body,\"$1\":\"$2\"" ;;
  esac
}

# Whether events of earlier hooks wait for the server; it then takes those before this one.
is_behind() {
  set -- "$spool"/*.json
  [ -e "$1" ]
}

# keep <directory> <files at most>: stores the body as <seconds, 10 digits>-<counter, 6 digits>-<pid>.json, a name
# that sorts behind all that are there, also when the clock was set back.
keep() {
  directory=$1
  limit=$2
  set -- "$directory"/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-*.json
  [ $# -lt "$limit" ] || return
  seconds=1000000000
  [ "$sent_at" -gt "$seconds" ] && seconds=$sent_at
  count=000000
  if [ -e "$1" ]; then
    eval "last=\${$#}"
    last=${last##*/}
    if [ "${last%%-*}" -ge "$seconds" ]; then
      seconds=${last%%-*}
      last=${last#*-}
      count=${last%%-*}
      count_on
    fi
  fi
  # The file appears complete or not at all. A link never replaces one that has the same name, from another container say.
  draft=$directory/.$event_id
  printf '%s\n' "$body" >"$draft" || { rm -f "$draft"; return; }
  while name=$directory/$seconds-$count-$$.json; ! ln "$draft" "$name"; do
    [ -e "$name" ] || { mv "$draft" "$name"; break; } # a file system without links
    count_on
  done
  rm -f "$draft"
}

# The 1 in front keeps the zeros, and the number from being octal.
count_on() {
  count=$((1$count + 1))
  count=${count#1}
}

keep_for_later() { keep "$spool" @SPOOL_FILES_MAX@; }
keep_as_refused() { keep "$spool/failed" @FAILED_FILES_MAX@; }

# bring <curl arguments>: posts what waits, oldest first, but only so much that the agent does not notice. Fails when
# something still waits. A server that got an event already knows it by its id.
bring() {
  left=@FORWARDED_MAX@
  for waiting in "$spool"/*.json; do
    [ -e "$waiting" ] || continue
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    case $(curl "$@" --max-time 3 -o /dev/null -w '%{http_code}' --data-binary "@$waiting" "$url") in
      2*) rm -f "$waiting" ;;
      400 | 413 | 415 | 422) mv "$waiting" "$spool/failed" ;;
      *) return 1 ;;
    esac
  done
}

payload=$(cat)
[ -n "$type" ] && [ -n "$payload" ] || exit
sent_at=${EPOCHSECONDS:-$(date +%s)} # bash 5 knows it without a process
# The kernel's random number where there is one; else what no second hook of this session can have.
[ -r /proc/sys/kernel/random/uuid ] && read -r event_id </proc/sys/kernel/random/uuid
event_id=${event_id:-$host_id-$sent_at-$$-$PPID}

case $payload in
  '{'*)
    body="{\"type\":\"$type\",\"event_id\":\"$event_id\",\"sent_at\":$sent_at,\"host_id\":\"$host_id\",\"pid\":$PPID"
    add terminal_app "$TERM_PROGRAM"
    add terminal_session_id "${ITERM_SESSION_ID:-${TERM_SESSION_ID:-$TMUX_PANE}}"
    add orbitdock_session_id "$ORBITDOCK_SESSION_ID"
    add claude_config_dir "$CLAUDE_CONFIG_DIR"
    # An empty object is the only one without a quote, and the only one that wants no comma.
    case $payload in *\"*) body=$body, ;; esac
    body=$body${payload#?}
    ;;
  *) body=$payload ;; # The server refuses it, and it is kept for people to look at.
esac

# -q must come first: it keeps curl from reading .curlrc. Expect would cost a second with a body over 1 MiB.
set -- -q -s -g --noproxy '*' --connect-timeout 1 -H 'Content-Type: application/json' -H Expect:
[ -n "$socket" ] && set -- "$@" --unix-socket "$socket"
[ -r "$data/hook.curl" ] && set -- "$@" -K "$data/hook.curl"

# The server of this data directory fetches what waits when it is told so; one elsewhere cannot.
if [ "$mode" != ask ]; then
  if is_behind; then
    [ -n "$socket" ] || bring "$@" || { keep_for_later; exit; }
    set -- "$@" -H 'X-OrbitDock-Spooled: 1'
  fi
  # A here-document costs one process less than a pipe.
  status=$(
    curl "$@" --max-time 3 -o /dev/null -w '%{http_code}' --data-binary @- "$url" <<END
$body
END
  )
  case $status in
    2*) ;;
    400 | 413 | 415 | 422) keep_as_refused ;;
    *) keep_for_later ;;
  esac
  exit
fi

# A question is open in the terminal: ask until somebody answers it here, the server lets go, or Claude ends the script.
command -v curl >/dev/null || { keep_for_later; exit; }
answer=$spool/.answer-$event_id
finish() {
  trap '' HUP INT TERM
  kill "$curl" "$watcher"
  rm -f "$answer"
  exit
}
trap finish HUP INT TERM

while kill -0 "$PPID"; do
  extra=
  is_behind && extra='X-OrbitDock-Spooled: 1'
  [ -n "$socket" ] || bring "$@"
  curl "$@" ${extra:+-H "$extra"} --max-time 86400 -w '\n%{http_code}' --data-binary @- "$url?wait=1" >"$answer" <<END &
$body
END
  curl=$!
  # Nobody tells the script when Claude is killed with -9, nor curl when the script is.
  {
    while kill -0 "$PPID" && kill -0 $$; do sleep 5; done
    kill "$curl"
  } >/dev/null &
  watcher=$!
  wait "$curl" && reply=$(cat "$answer") || reply=
  kill "$watcher"
  case $reply in
    *200)
      printf %s "${reply%?200}"
      finish
      ;;
    *204) finish ;;
    *400 | *413 | *415 | *422)
      keep_as_refused
      finish
      ;;
  esac
  sleep 1 >/dev/null &
  wait $!
done
finish
