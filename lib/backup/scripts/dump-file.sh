# Sourced by those who look at a dump: what the server's own tool says of it.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# FILE: sets format, which only grows, as `REDIS 11` or `VALKEY 80`, and what stands in the dump: dump_offset, dump_replid. Fails,
# and sets WHY, where the tool finds a fault.
check_dump() {
  [ -s "$1" ] || { WHY='it is empty' && return 1; }
  tool=$(program check-rdb) || {
    # An image without the tool has the server, which is the tool under that name.
    tool=$RUN_DIR/redis-check-rdb
    ln -sf "$(program server)" "$tool"
  }
  "$tool" "$1" >"$RUN_DIR/checked" 2>&1 || {
    WHY=$(grep -iE 'error|wrong|handle|unexpected|version' "$RUN_DIR/checked" | tail -n 1)
    WHY="$(basename "$tool") of this server: ${WHY:-$(tail -n 1 "$RUN_DIR/checked")}"
    return 1
  }
  dump_offset=$(aux repl-offset) dump_replid=$(aux repl-id)
  format=$(format_of "$1")
}

aux() { sed -n "s/.*AUX FIELD $1 = '\(.*\)'.*/\1/p" "$RUN_DIR/checked" | head -n 1; }

# The first nine bytes: `REDIS0011`, `VALKEY080`.
format_of() {
  head -c 9 "$1" | tr -cd 'A-Z0-9' | sed -n 's/^\([A-Z][A-Z]*\)0*\([0-9][0-9]*\)$/\1 \2/p'
}

# Sets product and version of this image's server: `redis 8.2.3`.
read_version() {
  # shellcheck disable=SC2046 # its words: Redis server v=8.2.3 …
  set -- $("$(program server)" --version)
  case $1 in Valkey) product=valkey ;; *) product=redis ;; esac
  version=${3#v=}
}

sha256_of() {
  set -- "$(sha256sum "$1")"
  echo "${1%% *}"
}
