# Sourced by the init container and by whoever starts a server: the user of an exporter beside it, where there is one. Its
# password is made by chance for this pod and is in no Secret, so it is never changed, and opens nothing elsewhere.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# As the exporter reads it: older versions look for the address alone, newer ones for the user in it.
make_exporter_password() {
  [ -n "${EXPORTER_ADDRESS-}" ] || return 0
  secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  printf '{"%s":"%s","%s":"%s"}\n' "$EXPORTER_ADDRESS" "$secret" "$EXPORTER_URI" "$secret" >"$EXPORTER_DIR/passwords.json"
  chmod 444 "$EXPORTER_DIR/passwords.json" # the exporter is another user, and nobody else has this volume
}

exporter_user() {
  [ -n "${EXPORTER_RIGHTS-}" ] || return 0
  secret=$(sed -n 's/.*"\([0-9a-f]*\)"}$/\1/p' "$EXPORTER_DIR/passwords.json")
  (good=$(hash_of "$secret") && user "exporter@$CLUSTER_ID" on "$EXPORTER_RIGHTS")
}
