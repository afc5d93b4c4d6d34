#!/bin/sh
# After a backup has been fetched: makes it the data of this node, complete, as if it had just stopped. Refuses what this server
# could not load before it starts.
set -eu
[ -f "$RUN_DIR/restore" ] || exit 0
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../backup/scripts/dump-file.sh
. "${0%/*}/dump-file.sh"

file=$DATA_DIR/temp-restore.rdb description=$DATA_DIR/restore-description
field() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$description"; }

# The last format that Redis and Valkey share.
LAST_SHARED=11
# Why a server can not begin with a dump; empty where it can. Formats only grow, and each product has its own.
unfit() { # PRODUCT VERSION FORMAT OWN_PRODUCT OWN_VERSION
  [ "$1" != "$4" ] || return 0
  [ "${3#* }" -gt "$LAST_SHARED" ] || return 0
  echo "it is of $1 $2, in the format $3, and this server is $4 $5: they share formats up to $LAST_SHARED only. Begin with $1, and move by migration"
}

read_version
its_product=$(field product) its_version=$(field version)
format=$(format_of "$file")
why=$(unfit "$its_product" "$its_version" "${format:-? 0}" "$product" "$version")
[ -z "$why" ] || refuse "this backup can not be restored here: $why"
check_dump "$file" || refuse "this backup can not be restored here, it is of $its_product $its_version, and this server is $product $version: $WHY"

# In this order: a server that finds the snapshot finds also that it is all, and the owner says that nothing is missing.
offset=$(field offset) what="the backup of $(field cluster), taken $(field time), of $(field keys) keys"
echo "0 $SELF ${offset:-0}" | write_durably "$DATA_DIR/mark" || refuse "$NOT_WRITTEN"
: | write_durably "$DATA_DIR/clean-stop" || refuse "$NOT_WRITTEN"
sync
mv "$file" "$DATA_DIR/dump.rdb"
echo "$OWNER" | write_durably "$DATA_DIR/owner" || refuse "$NOT_WRITTEN"
mv "$description" "$DATA_DIR/restored-from"
rm -f "$DATA_DIR/restore-begun"
say "this node begins with $what"
