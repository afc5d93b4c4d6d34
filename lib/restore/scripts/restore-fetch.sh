#!/bin/sh
# In the image of rclone, where this cluster begins with a backup: brings that, and compares it with its description.
set -eu
[ -f "$RUN_DIR/restore" ] || exit 0
# shellcheck source-path=SCRIPTDIR source=../../backup/scripts/rclone.sh
. "${0%/*}/rclone.sh"

name=$RESTORE file=$DATA_DIR/temp-restore.rdb description=$DATA_DIR/restore-description
if [ "$name" = latest ]; then
  name=$(remote cat "$(in_place latest)") || refuse "there is no backup in $place: $(why)"
fi
name=${name%.rdb}
remote copyto "$(in_place "$name.json")" "$description" || refuse "there is no backup $name in $place: $(why)"
sha256=$(field "$description" sha256)
[ -n "$sha256" ] || refuse "the description of $name can not be read; with another passphrase than it was stored with it is noise"
[ ! -f "$file" ] || [ "$(sha256_of_input <"$file")" != "$sha256" ] || { say "$name is here already" && exit 0; }
say "fetching $name, $(field "$description" bytes) bytes, from $place"
remote copyto "$(in_place "$name.rdb")" "$file" || { rm -f "$file" && refuse "$name could not be fetched: $(why)"; }
[ "$(sha256_of_input <"$file")" = "$sha256" ] || {
  rm -f "$file"
  refuse "$name is not what was stored: its SHA-256 is not the one of its description. Write the name of another backup into restoreFrom.backup"
}
