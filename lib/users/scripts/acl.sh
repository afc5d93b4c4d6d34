# Sourced by the keepers: the users of the manifest, told to the own server while it runs. In its configuration one wrong word
# would keep a server from starting; here it keeps one user out, and the log says so.
# shellcheck shell=sh disable=SC2154 # variables from those who source this

users_told='' users_server=''

# redis|sentinel SERVER: looks whether there is something to tell this run of the own server.
follow_users() {
  [ -n "${USERS_DIR-}" ] || return 0
  [ "$2" = "$users_server" ] || users_told=''
  read_users_and_passwords "$1"
  [ "$seen_users" != "$users_told" ] || { users_server=$2 && return; }
  tell_users "$1" || return 0
  users_told=$seen_users users_server=$2
}

# Sets seen_users: all that decides. A process for each file would cost more than everything else.
read_users_and_passwords() { # redis|sentinel
  seen_users=''
  while read -r line; do
    seen_users=$seen_users$LINE_BREAK$line
    read -r _ _ _ files _ <<LINE
$line
LINE
    for file in $(words_of "$files"); do
      read_line "${USER_PASSWORDS_DIR-}/$file"
      seen_users=$seen_users$LINE_BREAK$password
    done
  done <"$USERS_DIR/users"
}

words_of() { # WORD,WORD
  saved_ifs=$IFS IFS=,
  # shellcheck disable=SC2086 # its words
  set -- $1
  IFS=$saved_ifs
  echo "$*"
}

# Fails where the server does not answer.
tell_users() { # redis|sentinel
  known=''
  [ ! -f "$RUN_DIR/users" ] || known=$(cat "$RUN_DIR/users")
  wanted=$(wanted_users "$1" <"$USERS_DIR/users")
  commands=$(printf '%s\n' "$wanted" | user_commands "$known")
  answers=$(printf '%s\nPING\n' "$commands" | tell)
  case $answers in *PONG) ;; *) return 1 ;; esac
  case $answers in *ERR*) printf '%s\n' "$commands" | say_refused ;; esac
  # Who came before them has been refused, and waits for an answer that never comes.
  [ ! -e "$RUN_DIR/without-users" ] || { echo 'CLIENT KILL USER default' | tell >/dev/null && rm -f "$RUN_DIR/without-users"; }
  printf '%s\n' "$wanted" | cut -d' ' -f1-3 >"$RUN_DIR/users"
  say "users are told: $(printf '%s\n' "$wanted" | cut -d' ' -f1 | tr '\n' ' ')"
}

say_refused() {
  while read -r command; do
    problem=$(printf '%s\n' "$command" | tell | grep '^ERR') || continue
    command=${command#ACL SETUSER }
    say "the user ${command%% *} is not as the manifest wants it: $problem"
  done
}

# The list on standard input: prints `NAME on|off HASH,HASH RULES` of those of this kind of server. Without any password it is off,
# for it would let in everybody, and has a `-` in the place of hashes.
wanted_users() { # redis|sentinel
  while read -r name kind state files rules; do
    [ "$kind" = "$1" ] || continue
    hashes_of_user=''
    for file in $(words_of "$files"); do
      path=${USER_PASSWORDS_DIR-}/$file
      if [ ! -f "$path" ]; then
        say "the user $name has no password in $file: is the key in the Secret?" >&2
      elif [ -n "$(password_problem "$path")" ]; then
        say "the user $name does not get a password: $(password_problem "$path")" >&2
      else
        read_line "$path"
        hashes_of_user=$hashes_of_user,$(hash_of "$password")
      fi
    done
    [ -n "$hashes_of_user" ] || state=off
    hashes_of_user=${hashes_of_user#,}
    echo "$name $state ${hashes_of_user:--} $rules"
  done
}

# Users as `wanted_users` prints them on standard input: prints the commands that make a server have them, which has KNOWN, the
# first three words of each. Who is logged in with what is good no longer is not let stay.
user_commands() { # KNOWN
  wanted_names=' '
  while read -r name state passwords rules; do
    [ -n "$name" ] || continue
    wanted_names="$wanted_names$name "
    hashes=''
    for hash in $(words_of "${passwords#-}"); do hashes="$hashes #$hash"; done
    echo "ACL SETUSER $name reset $state$hashes $rules"
    while read -r known_name known_state known_passwords; do
      [ "$known_name" = "$name" ] || continue
      gone=''
      for hash in $(words_of "${known_passwords#-}"); do contains "$(words_of "$passwords")" "$hash" || gone=yes; done
      [ "$known_state$state" != onoff ] || gone=yes
      [ -z "$gone" ] || echo "CLIENT KILL USER $name"
    done <<KNOWN
$1
KNOWN
  done
  printf '%s\n' "$1" | while read -r known_name _; do
    [ -z "$known_name" ] || contains "$wanted_names" "$known_name" || echo "ACL DELUSER $known_name"
  done
}
