#!/bin/sh
# FILE [TUNNEL]: runs HAProxy with this configuration, and with TLS another one beside it, through which the first one's checks
# go. It runs in HAProxy's own image, and needs nothing else of that but a shell.
#
# What may change while all runs is kept by the keeper beside it, in files: how the proxy logs in, the addresses of all members, and
# with TLS certificate, key and CA. HAProxy reads them only when it starts, so it is started anew then, by itself: the new one
# listens before the old one ends. Clients of the old one connect again; the tunnel has none, so that a new certificate costs
# nobody a connection.
set -eu

logins=$RUN_DIR/logins.cfg
changing() { cat "$logins" "$RUN_DIR/hosts"; }
changing_for_tunnel() { cat "$RUN_DIR/hosts" "$RUN_DIR/ca.pem" "$RUN_DIR/tls.pem"; }

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

until [ -f "$logins" ]; do sleep 0.1; done

# What the configuration names: where members are, and all addresses of this pod, of both families where there are both.
ANY_ADDRESS=0.0.0.0
[ ! -e /proc/net/if_inet6 ] || ANY_ADDRESS=::
export POD_NAMESPACE="$POD_NAMESPACE" RUN_DIR="$RUN_DIR" ANY_ADDRESS

tunnel=''
if [ $# = 2 ]; then
  read_by_tunnel=$(changing_for_tunnel)
  haproxy -W -f "$2" &
  tunnel=$!
fi
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
  [ -z "$tunnel" ] || kill "$tunnel" 2>/dev/null || :
  exit 0
}
trap leave TERM

runs() { kill -0 "$haproxy" 2>/dev/null && { [ -z "$tunnel" ] || kill -0 "$tunnel" 2>/dev/null; }; }
while runs; do
  sleep 1 &
  wait $! || :
  if [ -n "$tunnel" ]; then
    now=$(changing_for_tunnel)
    if [ "$now" != "$read_by_tunnel" ]; then
      say 'a certificate or an address has changed: the tunnel reads it'
      read_by_tunnel=$now
      kill -USR2 "$tunnel" || :
    fi
  fi
  now=$(changing)
  [ "$now" != "$read_by_haproxy" ] || continue
  say 'a password or an address has changed: HAProxy reads it'
  read_by_haproxy=$now
  kill -USR2 "$haproxy" || :
done
# Neither is of use without the other.
[ -z "$tunnel" ] || kill "$haproxy" "$tunnel" 2>/dev/null || :
wait "$haproxy"
