# Sourced by the start of a pod, and by its keeper: whether a certificate may be used, and how a new one takes the place of the
# one before.
#
# Kubernetes brings what is in the Secret to TLS_DIR, all files at once and whatever they are. What the server loads, and whoever
# asks others, are copies in memory, which are replaced when the new ones have been tried:
#   tls.pem      certificate and key in one file, so that nobody sees half of a pair
#   ca.pem       whom this pod trusts
#   tls.loaded   what of them the server has
#   tls.due      it must load them anew
#   tls.refused  why what Kubernetes has brought is not used
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# Of a certificate that was refused: it may only be too new for this machine's clock, or the machine too busy to try it.
RETRY_SECONDS=30

tls_setting() { printf 'tls-%s %s\n' "$1" "$2"; }

# PEM CA: prints why a server with that certificate, and a client with the same, would not come together; nothing where they do.
# No program of the images can look into a certificate but the server itself: one that has no data, and knows nobody, says what
# it thinks of it, and a client what it thinks of the server's.
problem_with() {
  for attempt in 1 2 3; do
    trial_port=$((20000 + ($$ + attempt * 997) % 10000))
    {
      each_setting REDIS_CONF_TLS tls_setting
      cat <<CONF
port 0
tls-port $trial_port
bind 127.0.0.1
dir $RUN_DIR
save ""
user default off
tls-cert-file $1
tls-key-file $1
tls-ca-cert-file $2
tls-auth-clients $TLS_CLIENTS
CONF
    } >"$RUN_DIR/trial.conf"
    "$(program server)" "$RUN_DIR/trial.conf" >"$RUN_DIR/trial.log" 2>&1 9>&- &
    trial=$!
    for _ in $(seq 50); do
      said=$(timeout 2 "$(program cli)" --tls --cacert "$2" --cert "$1" --key "$1" -h 127.0.0.1 -p "$trial_port" PING 2>&1) || :
      case $said in *refused*) ;; *) break ;; esac
      kill -0 "$trial" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$trial" 2>/dev/null || :
    wait "$trial" 2>/dev/null || :
    case $said in *NOAUTH*) break ;; esac
    # Where members share the network of their machine, another may have that port.
    grep -q 'Address already in use' "$RUN_DIR/trial.log" || { reason_in "$said" <"$RUN_DIR/trial.log" && break; }
  done
  rm -f "$RUN_DIR/trial.conf" "$RUN_DIR/trial.log"
}

# WHAT THE CLIENT SAID, the server's log on standard input: prints the first reason that OpenSSL gave.
reason_in() {
  reason=$(sed -n 's/.*:[A-Za-z0-9 ]* routines::\([a-z0-9/]* alert \)\{0,1\}\(unexpected eof.*\)\{0,1\}//p' | sed 's/ (.*//' | grep . | head -n 1)
  echo "${reason:-${1:-no answer}}"
}

# Copies what Kubernetes has brought. Sets offered and offered_ca, the names of the copies.
read_offer() {
  offered=$RUN_DIR/offered.pem offered_ca=$RUN_DIR/offered-ca.pem
  { cat "$TLS_DIR/tls.crt" && echo && cat "$TLS_DIR/tls.key"; } >"$offered" && cat "$TLS_DIR/ca.crt" >"$offered_ca"
}

use_offer() {
  mv "$offered_ca" "$RUN_DIR/ca.pem"
  mv "$offered" "$RUN_DIR/tls.pem"
}

# What is used, in one word.
fingerprint() {
  set -- "$(cat "$RUN_DIR/tls.pem" "$RUN_DIR/ca.pem" | sha256sum)"
  echo "${1%% *}"
}

# Before a server starts: it will load what is there now.
remember_loaded() {
  [ -n "${TLS_CLIENTS-}" ] || return 0
  fingerprint >"$RUN_DIR/tls.loaded"
  rm -f "$RUN_DIR/tls.due"
}

# --- at the start of a pod ----------------------------------------------------------------------------------------------

await_certificate() {
  [ -n "${TLS_CLIENTS-}" ] || return 0
  while :; do
    if read_offer 2>/dev/null; then problem=$(problem_with "$offered" "$offered_ca"); else problem='not all files are there'; fi
    [ -n "$problem" ] || break
    wait_for "the certificate in the Secret can not be used: $problem"
    sleep 1
  done
  use_offer
}

# --- while it runs ------------------------------------------------------------------------------------------------------

# Beside a keeper's loop, for a trial takes a moment. Every file is new when any is, but one may be written just before a look
# and be in its place just after; so there is another look.
look_again='' tried_at=0
try_certificate() {
  [ -n "${TLS_CLIENTS-}" ] || return 0
  # One after another: what is tried is whether the next fits what the server has, and a sentinel waits for its turn to load it.
  [ ! -e "$RUN_DIR/tls.due" ] || return 0
  # shellcheck disable=SC3013 # dash and busybox have it
  if ! [ "$RUN_DIR/tls.seen" -nt "$TLS_DIR/tls.crt" ]; then
    look_again=yes
  elif [ -n "$look_again" ]; then
    look_again=''
  else
    [ -e "$RUN_DIR/tls.refused" ] && passed "$tried_at" $((RETRY_SECONDS * 1000)) || return 0
  fi
  : >"$RUN_DIR/tls.seen"
  read_offer 2>/dev/null || return 0
  if [ "$(cat "$offered" "$offered_ca")" = "$(cat "$RUN_DIR/tls.pem" "$RUN_DIR/ca.pem")" ]; then
    rm -f "$RUN_DIR/tls.refused" # it was taken back
  else
    judge_offer
  fi
  # A keeper that ended in between has not said so.
  [ ! -f "$RUN_DIR/tls.loaded" ] || [ "$(fingerprint)" = "$(cat "$RUN_DIR/tls.loaded")" ] || : >"$RUN_DIR/tls.due"
}

judge_offer() {
  clock
  tried_at=$now
  problem=$(problem_of_offer)
  if [ -z "$problem" ]; then
    use_offer
    rm -f "$RUN_DIR/tls.refused"
    return
  fi
  [ "$problem" = "$(cat "$RUN_DIR/tls.refused" 2>/dev/null)" ] || say "the new certificate is refused, and the one before it stays: $problem"
  printf '%s\n' "$problem" >"$RUN_DIR/tls.refused.new"
  mv "$RUN_DIR/tls.refused.new" "$RUN_DIR/tls.refused"
}

# The others get it up to two minutes sooner or later: until then each must be known to the other. Where the one before has
# expired nobody talks any more, and nothing is lost.
problem_of_offer() {
  problem=$(problem_with "$offered" "$offered_ca")
  if [ -n "$problem" ]; then
    echo "$problem"
  elif [ -n "$(problem_with "$RUN_DIR/tls.pem" "$RUN_DIR/ca.pem")" ]; then
    :
  elif [ -n "$(problem_with "$offered" "$RUN_DIR/ca.pem")" ]; then
    echo 'the CA in use does not know it; first write both CAs into the bundle, and wait until all members trust both'
  elif [ -n "$(problem_with "$RUN_DIR/tls.pem" "$offered_ca")" ]; then
    echo 'the new CA does not know the certificate in use; leave the old CA in the bundle until all members have a certificate of the new one'
  fi
}

# Each second. The keeper says how commands reach its server, `tell`; a new certificate is loaded by `load_certificate`.
follow_certificate() {
  [ -n "${TLS_CLIENTS-}" ] || return 0
  if [ -e "$RUN_DIR/tls.refused" ]; then
    [ -n "$listening" ] && [ "$refusal_shown" != "$listening" ] || return 0
    [ "$(show "$REFUSED" | tell)" != OK ] || refusal_shown=$listening # anew with each start of the server
  elif [ -n "$refusal_shown" ]; then
    hide "$REFUSED" | tell >/dev/null
    refusal_shown=''
  fi
}
refusal_shown=''
