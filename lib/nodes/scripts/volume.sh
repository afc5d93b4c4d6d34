# Sourced by the start of a node: in which form its data are on the volume, and what that makes of them. Looks, and changes
# nothing.
# shellcheck shell=sh disable=SC2154 # variables from those who source this

# Prints append-only, snapshot or nothing. Fails, and prints why, where a server would start with less than is there: what it
# does not find it takes for nothing, and some of it would be overwritten.
form_of_volume() {
  folder=$DATA_DIR/appendonlydir manifest=$DATA_DIR/appendonlydir/appendonly.aof.manifest
  old_file=$DATA_DIR/appendonly.aof snapshot=$DATA_DIR/dump.rdb
  for file in "$folder" "$manifest" "$old_file" "$snapshot"; do
    allowed "$file" || return 1
  done
  if [ -s "$manifest" ]; then
    the_newest "$folder" && echo append-only
  elif [ -n "$(data_in "$folder")" ] && { [ -z "$volume_owner" ] || [ -n "$mark_master" ]; }; then
    echo "$(data_in "$folder") is there without its manifest, appendonly.aof.manifest: bring that back, or $(aside "$folder")"
    return 1
  elif [ -s "$old_file" ]; then
    the_newest "$old_file" && echo append-only # of Redis 6 or older: the server takes it over
  elif [ -s "$snapshot" ]; then
    echo snapshot
  elif [ -z "$volume_owner" ] && [ -n "$(data_in "$DATA_DIR")" ]; then
    echo "$(data_in "$DATA_DIR") is not where this server looks, which is $snapshot, $old_file and $folder: move it there, or $(aside "$(data_in "$DATA_DIR")")"
    return 1
  else
    echo nothing
  fi
}

# What a server may not read it takes for nothing.
allowed() { # FILE
  [ -e "$1" ] || return 0
  [ ! -r "$1" ] || [ ! -w "$1" ] || return 0
  echo "$1 can not be read and written by user $(id -u) and its groups, $(id -G): write security.user, group and fsGroup as they are on the volume, or leave them to the platform"
  return 1
}

# An append-only file that this library has written is the newest, for it is deleted when a snapshot takes its place. On a
# volume of other origin it may be from before it was switched off.
the_newest() { # FILE|FOLDER
  if [ -n "$volume_owner" ] || [ ! -s "$snapshot" ] || [ -n "$(find "$1" -type f -newer "$snapshot")" ]; then return 0; fi
  echo "$snapshot is newer than $1, and nobody can tell which of them has everything: $(aside "$1"); or $(aside "$snapshot")"
  return 1
}

# The first file below that has the name of a server's data, but for what was left half written, or was put aside.
data_in() { # FOLDER
  [ -d "$1" ] || return 0
  find "$1" \( -name lost+found -o -name '.snapshot*' -o -name 'aside.*' \) -prune -o \
    -type f -size +0 ! -name 'temp-*' \( -name '*.rdb' -o -name '*.aof' -o -name '*.manifest' \) -print | head -n 1
}

# Beside a server that does not start its keeper runs.
aside() { echo "run in this pod's container keeper: mv $1 $DATA_DIR/aside.${1##*/}"; }

# What the name in a mark says here. A copy of another cluster's volume has its data, and how old they are; the names in it
# are none of ours.
known_master() { # OWNER MARK_MASTER
  case $1 in "$CLUSTER_ID"/*) echo "$2" ;; *) echo "${2:+$ELSEWHERE}" ;; esac
}

# Prints `DATA APPENDONLY`: complete, partial or none, and how the server must start to find them. A server that is told to
# use the other form would load nothing; the keeper changes the form when the data are in memory.
# CLEAN_STOP is `clean` after a stop that left a snapshot of everything, and `clean-replica` where a majority also names
# another as master. The snapshot knows how far the server had copied, so that it goes on from there; with an append-only
# file it would forget that, and copy everything again. A master begins with that file: until it has a new one, what it takes
# would be on no disk.
data_of() { # FORM CLEAN_STOP MARK_MASTER AOF
  # A node that never was in sync has files too, with nothing in them; and what was complete elsewhere may be old here.
  case $3 in '' | "$ELSEWHERE") whole=partial ;; *) whole=complete ;; esac
  case $1/$2 in
    nothing/*) echo "none $4" ;;
    append-only/clean-replica) echo "$whole no" ;;
    append-only/*) echo "$whole yes" ;;
    snapshot/clean*) echo "$whole no" ;;
    snapshot/*) echo 'partial no' ;;
  esac
}
