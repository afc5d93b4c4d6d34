# Sourced by whoever asks others, or lets others ask: where passwords are, which of them are used, and which are good.
#
# A password is a file of a mounted Secret, never a variable of a container. It changes while everything runs, and not everywhere
# at once: the kubelet of one machine brings it up to two minutes later than that of another. So
#   it is good         at a server from the moment on that its keeper sees it, and the one before for as long as the props say;
#   it is used         by a pod to ask others when its keeper has seen it for longer than that.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# Sets REDIS_PASSWORD and SENTINEL_PASSWORD, with which members ask one another; empty where there is none.
read_passwords() {
  read_password redis && REDIS_PASSWORD=$password
  read_password sentinel && SENTINEL_PASSWORD=$password
}

# A pod that is longer there than the Secret's newest words uses what its keeper says.
read_password() { # redis|sentinel: sets password
  if [ -f "$RUN_DIR/uses-$1" ]; then read_line "$RUN_DIR/uses-$1"; else read_line "$PASSWORDS_DIR/$1"; fi
}

read_line() { # FILE: sets password
  password=''
  [ ! -f "$1" ] || IFS= read -r password <"$1" || :
}

# FILE: prints what is wrong with the password in it. A Secret made with `echo` ends in a line break, and who reads it otherwise
# would not accept the same. An empty one would let in everybody.
password_problem() {
  content=$(cat "$1" && printf .)
  content=${content%.}
  case $content in
    '') echo "$1 is empty; write a password into the Secret's key" ;;
    *"$LINE_BREAK"* | *"$(printf '\r')"*) echo "$1 contains a line break; write the Secret's key without one (printf, or echo -n, instead of echo)" ;;
  esac
}

refuse_bad_passwords() {
  for file in "$PASSWORDS_DIR"/*; do
    [ -f "$file" ] || continue # there is none
    problem=$(password_problem "$file")
    [ -z "$problem" ] || refuse "$problem"
  done
}

# --- which are good ---------------------------------------------------------------------------------------------------

# As a server wants those of `good`.
hashes() { printf '#%s ' $good; }

hash_of() { # PASSWORD
  set -- "$(printf %s "$1" | sha256sum)"
  echo "${1%% *}"
}

# The volume remembers them by their hashes, `HASH UNTIL` each: the newest first, until 0; those before it until a time of the clock
# on the wall. They come on standard input, and are printed as they are from now on.
good_passwords() { # NOW NEWEST SECONDS
  echo "$2 0"
  while read -r hash until; do
    [ "$hash" != "$2" ] || continue
    [ "$until" != 0 ] || until=$(($1 + $3))
    [ "$until" -le "$1" ] || echo "$hash $until"
  done
}

# redis|sentinel: sets good, the hashes of all that are good now, and remembers them. Nothing where there is no password.
remember_passwords() {
  good=''
  read_line "$PASSWORDS_DIR/$1"
  [ -n "$password" ] || { rm -f "$DATA_DIR/passwords" && return; }
  [ ! -f "$DATA_DIR/passwords" ] || good=$(cat "$DATA_DIR/passwords")
  good=$(printf '%s\n' "$good" | grep . | good_passwords "$(date +%s)" "$(hash_of "$password")" "$PASSWORD_OVERLAP_SECONDS")
  printf '%s\n' "$good" | write_durably "$DATA_DIR/passwords" || return 1
  good=$(printf '%s\n' "$good" | cut -d' ' -f1)
  read_line "$PASSWORDS_DIR/previous-$1"
  [ -z "$password" ] || good="$good $(hash_of "$password")"
}
