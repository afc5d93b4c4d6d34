# Sourced by the keepers: what a password that has changed in its Secret means for this pod and its server.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# In milliseconds: by then the kubelet of every machine has brought it, and every keeper has seen it.
ADOPTED_AFTER=180000

accepted='' let_in='' expires=0 redis_since=0 sentinel_since=0

# redis|sentinel, whichever is its own server: looks whether one has changed. The keeper says who logs in there, `USERS`; how
# commands reach its server, `tell`; and what that must know as a client of others, `adopted redis|sentinel PASSWORD`.
follow_passwords() {
  read_line "$PASSWORDS_DIR/$1"
  newest=$password
  read_line "$PASSWORDS_DIR/previous-$1"
  # Who starts a server has remembered them, and a volume that is refused is left as it is.
  [ -z "$listening" ] || is_accepted "$password" || accept "$1"
  adopt redis
  adopt sentinel
}

# As long as none of those that are good ends.
is_accepted() { # PREVIOUS
  [ "$newest$LINE_BREAK$1" = "$accepted" ] && { [ "$expires" = 0 ] || ! passed "$expires" 0; }
}

# The server takes those that are good, and no others from then on. Whose password is taken away is not let stay.
accept() { # redis|sentinel
  [ -f "$PASSWORDS_DIR/$1" ] || return 0
  before=$LINE_BREAK$password
  problem=$(password_problem "$PASSWORDS_DIR/$1")
  [ -z "$problem" ] || { wait_for "$problem. The one before it stays" && return; }
  had=$let_in
  [ -n "$had" ] || [ ! -f "$DATA_DIR/passwords" ] || had=$(cut -d' ' -f1 "$DATA_DIR/passwords")
  remember_passwords "$1" || { wait_for 'the passwords can not be written: is the volume full?' && return; }
  gone=''
  for hash in $had; do
    case $(hashes) in *"#$hash "*) ;; *) gone=yes ;; esac
  done
  answers=$(for name in $USERS; do echo "ACL SETUSER $name resetpass $(hashes)"; done | tell)
  [ "$(printf '%s\n' "$answers" | grep -cx OK)" = "$(count $USERS)" ] || return 0 # the next time again
  accepted=$newest$before let_in=$good
  expires=$(until_next)
  if [ -n "$gone" ]; then
    for name in $USERS; do
      printf 'CLIENT KILL USER %s TYPE normal\nCLIENT KILL USER %s TYPE pubsub\n' "$name" "$name"
    done | tell >/dev/null
    say 'a password is good no longer, and who had logged in has to do it again'
  elif [ -n "$had" ] && ! contains "$(printf '%s ' $had)" "${good%%[!0-9a-f]*}"; then # the newest is the first
    say "a new password is good, and the one before it for $PASSWORD_OVERLAP_SECONDS s more"
  fi
}

# Prints when the next of them is good no longer, by this machine's own clock; 0 where none will be.
until_next() {
  clock
  wall=$(date +%s) soonest=0
  while read -r _ until; do
    [ "$until" != 0 ] || continue
    [ "$soonest" != 0 ] && [ "$soonest" -le "$until" ] || soonest=$until
  done <"$DATA_DIR/passwords"
  [ "$soonest" = 0 ] || soonest=$((now + (soonest - wall) * 1000))
  echo "$soonest"
}

# The pod asks others with it when all of them know it.
adopt() { # redis|sentinel
  read_line "$PASSWORDS_DIR/$1"
  newest=$password
  read_password "$1"
  eval "since=\$${1}_since"
  if [ -z "$newest" ] || { [ "$newest" = "$password" ] && [ -f "$RUN_DIR/uses-$1" ]; }; then
    eval "${1}_since=0"
    return
  fi
  if [ "$newest" != "$password" ]; then
    clock
    [ "$since" != 0 ] || { eval "${1}_since=$now" && return; }
    passed "$since" "$ADOPTED_AFTER" && [ -z "$(password_problem "$PASSWORDS_DIR/$1")" ] || return 0
    adopted "$1" "$newest" || return 0
    say "a new password is used: $1"
  fi
  printf %s "$newest" >"$RUN_DIR/uses-$1.new"
  mv "$RUN_DIR/uses-$1.new" "$RUN_DIR/uses-$1"
  read_passwords
}
