# Sourced by those who make a backup and load it: how much a server has, and some of it. Each asks the server by `look`, with
# commands as arguments or on standard input, as `redis-cli` has them.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# So many keys are compared, and none that goes within this time, or is larger than this.
SAMPLE=200
SHORT_LIFE=3600
LARGE=1048576

# Prints `ROLE KEYS OFFSET DATABASE`, the last being the one with the most keys; nothing where nobody answers.
data_of_server() {
  look INFO | tr -d '\r' | sum_of_info
}

sum_of_info() {
  role='' keys=0 offset=0 database=0 most=0
  while IFS=: read -r key value; do
    case $key in
      role) role=$value ;;
      slave_repl_offset | master_repl_offset) [ "$value" -le "$offset" ] || offset=$value ;;
      db[0-9]*)
        case $value in keys=*) ;; *) continue ;; esac
        value=${value#keys=} value=${value%%,*}
        keys=$((keys + value))
        [ "$value" -le "$most" ] || most=$value database=${key#db}
        ;;
    esac
  done
  [ -z "$role" ] || echo "$role $keys $offset $database"
}

# Prints the names of some keys, in quotes, as the server's client writes and reads any byte.
some_keys() { # DATABASE
  awk -v n="$SAMPLE" 'BEGIN { for (; n > 0; n--) print "RANDOMKEY" }' | look --no-raw -n "$1" | grep '^"' | sort -u || :
}

# Keys in quotes on standard input: prints `KIND LIFE SIZE` for each.
kinds_of() { # DATABASE
  sed 's/.*/TYPE &\nTTL &\nMEMORY USAGE &/' | look --no-raw -n "$1" | sed 's/^(integer) //' | paste -d' ' - - - || :
}

# `KIND LIFE SIZE KEY` on standard input: those that can be compared.
that_stay() {
  while read -r kind life size key; do
    case $size in '' | *[!0-9]*) continue ;; esac
    if [ "$life" != -1 ] && [ "$life" -lt "$SHORT_LIFE" ] || [ "$size" -gt "$LARGE" ]; then continue; fi
    echo "$kind $key"
  done
}

# `KIND KEY` on standard input: prints the same with what is there. Of what has an order of its own in each server, how much.
contents_of() { # DATABASE
  cat >"$RUN_DIR/sample"
  while read -r kind key; do
    case $kind in
      string) echo "GET $key" ;;
      list) echo "LLEN $key" ;;
      set) echo "SCARD $key" ;;
      zset) echo "ZCARD $key" ;;
      hash) echo "HLEN $key" ;;
      stream) echo "XLEN $key" ;;
      *) echo "TYPE $key" ;; # of a module
    esac
  done <"$RUN_DIR/sample" | look --no-raw -n "$1" >"$RUN_DIR/contents"
  paste -d' ' "$RUN_DIR/sample" "$RUN_DIR/contents"
}
