#!/bin/sh
# Beside a proxy: keeps what that needs to know and what may change, the addresses of all members, how it logs in, and with TLS the
# certificate. It runs in the image of the members, for it asks and writes as they do.
set -eu
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/hosts.sh
. "${0%/*}/hosts.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/rotation.sh
. "${0%/*}/rotation.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"

# PASSWORD: the command by which the proxy logs in, in hexadecimal: whatever stands in it, no reader of a configuration takes it
# for anything else.
login() {
  command_in_words AUTH "$PROXY" "${1:-none}" | od -An -v -tx1 | tr -d ' \n'
}

# As the servers want it: the number of words, and each after the number of its bytes.
command_in_words() {
  printf '*%d\r\n' $#
  for word; do printf '$%d\r\n%s\r\n' "$(printf %s "$word" | wc -c)" "$word"; done
}

write_logins() {
  read_passwords
  logins="global
  setenv NODE_LOGIN $(login "${REDIS_PASSWORD-}")
  setenv SENTINEL_LOGIN $(login "${SENTINEL_PASSWORD-}")"
  [ "$logins" != "${written-}" ] || return 0
  printf '%s\n' "$logins" >"$RUN_DIR/logins.new"
  mv "$RUN_DIR/logins.new" "$RUN_DIR/logins.cfg"
  written=$logins
}

# Nobody logs in here, and nobody else needs to be told.
USERS=''
adopted() { :; }

# With `restricted: false` HAProxy is another user. Nobody but the containers of this pod sees the folder.
umask 022
find "$RUN_DIR" -type f -exec chmod a+r {} +

refuse_bad_passwords
write_logins
trap 'exit 0' TERM
SECONDS_BETWEEN_LOOKS=5 HOSTS_SECONDS=10 looked_up=0
while :; do
  sleep "$SECONDS_BETWEEN_LOOKS" &
  wait $!
  adopt redis
  adopt sentinel
  write_logins
  try_certificate || :
  looked_up=$((looked_up + SECONDS_BETWEEN_LOOKS))
  [ "$looked_up" -lt "$HOSTS_SECONDS" ] || { refresh_hosts || : && looked_up=0; }
done
