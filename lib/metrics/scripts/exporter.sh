# Sourced by the init container and by whoever starts a server: the user of an exporter beside it, where there is one. Its
# password is made by chance for this pod and is in no Secret, so it is never changed, and opens nothing elsewhere.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

exporter_passwords=${EXPORTER_DIR-}/passwords.json

# As the exporter reads it: older versions look for the address alone, newer ones for the user in it.
make_exporter_password() {
  uri=${EXPORTER_URI-}
  [ -n "$uri" ] || return 0
  secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  printf '{"%s":"%s","%s":"%s"}\n' "${uri%%//*}//${uri#*@}" "$secret" "$uri" "$secret" >"$exporter_passwords"
  chmod 444 "$exporter_passwords" # the exporter is another user, and nobody else has this volume
}

exporter_user() {
  [ -n "${EXPORTER_RIGHTS-}" ] || return 0
  secret=$(sed -n 's/.*"\([0-9a-f]*\)"}$/\1/p' "$exporter_passwords")
  (good=$(hash_of "$secret") && user "exporter@$CLUSTER_ID" on "$EXPORTER_RIGHTS")
}
