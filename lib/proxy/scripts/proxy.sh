#!/bin/sh
# FILE: runs HAProxy with this configuration. It runs in HAProxy's own image, and needs nothing else of that but a shell.
#
# What may change while all runs is kept by the keeper beside it, in two files: how the proxy logs in, and the addresses of all
# members. HAProxy reads both only when it starts, so it is started anew then, by itself: the new one listens before the old one
# ends, and clients of the old one connect again.
set -eu

logins=$RUN_DIR/logins.cfg
changing() { cat "$logins" "$RUN_DIR/hosts"; }

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

until [ -f "$logins" ]; do sleep 0.1; done

# What the configuration names: where members are, and all addresses of this pod, of both families where there are both.
ANY_ADDRESS=0.0.0.0
[ ! -e /proc/net/if_inet6 ] || ANY_ADDRESS=::
export POD_NAMESPACE="$POD_NAMESPACE" ANY_ADDRESS

read_by_haproxy=$(changing)
haproxy -W -f "$logins" -f "$1" &
haproxy=$!

# Told to stop: who does not know it yet goes on connecting, and is served. Then nobody is let in, and what is open is cut when
# `hard-stop-after` is over.
leave() {
  trap '' TERM
  say "leaving, and serving for $DRAIN_SECONDS s more"
  sleep "$DRAIN_SECONDS"
  kill -USR1 "$haproxy" 2>/dev/null || :
  wait "$haproxy" || :
  exit 0
}
trap leave TERM

while kill -0 "$haproxy" 2>/dev/null; do
  sleep 1 &
  wait $! || :
  now=$(changing)
  [ "$now" != "$read_by_haproxy" ] || continue
  say 'a password or an address has changed: HAProxy reads it'
  read_by_haproxy=$now
  kill -USR2 "$haproxy" || :
done
wait "$haproxy"
