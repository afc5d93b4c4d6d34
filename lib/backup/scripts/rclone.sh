# Sourced by what runs in the image of rclone, which has no server: where backups are, and how what goes wrong is told.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

umask 077
export RCLONE_CONFIG="$RUN_DIR/rclone.conf" XDG_CACHE_HOME="$RUN_DIR"
: >"$RCLONE_CONFIG"

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
refuse() {
  say "refused: $*"
  [ ! -w /dev/termination-log ] || echo "refused: $*" >/dev/termination-log
  exit 1
}

# Behind it everything is encrypted, but for names. rclone wants the passphrase as it would stand in its own file.
if [ -n "${ENCRYPTION_PASSPHRASE-}" ]; then
  RCLONE_CONFIG_ENCRYPTED_PASSWORD=$(printf %s "$ENCRYPTION_PASSPHRASE" | rclone obscure -) || refuse 'rclone does not take the passphrase'
  export RCLONE_CONFIG_ENCRYPTED_PASSWORD
  export RCLONE_CONFIG_ENCRYPTED_TYPE=crypt RCLONE_CONFIG_ENCRYPTED_REMOTE="target:$TARGET_PATH"
  export RCLONE_CONFIG_ENCRYPTED_FILENAME_ENCRYPTION=off RCLONE_CONFIG_ENCRYPTED_DIRECTORY_NAME_ENCRYPTION=false
  place=encrypted:
else
  place=target:$TARGET_PATH
fi
in_place() { # NAME
  case $place in *:) echo "$place$1" ;; *) echo "$place/$1" ;; esac
}

# COMMAND...: fails with what it said in the file `said`.
remote() {
  rclone --retries 3 --low-level-retries 3 --contimeout 15s --timeout 2m --transfers 1 "$@" 2>"$RUN_DIR/said"
}
# Why the last one failed: its last sentence, without the date.
why() {
  grep -E 'ERROR|Failed|CRITICAL|NOTICE' "$RUN_DIR/said" | tail -n 1 | sed 's/^[0-9/]* [0-9:]* //; s/  */ /g' | cut -c 1-600
}

sha256_of_input() {
  set -- "$(sha256sum)"
  echo "${1%% *}"
}
# FILE of a description, NAME: prints the value.
field() { sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$1"; }
