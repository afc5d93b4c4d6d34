#!/bin/sh
# Beside a node's server: gives it its role, keeps the mark on its volume, and says when the node is in sync.
# It never decides who is master; a majority of the configured sentinels does.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"
# shellcheck source-path=SCRIPTDIR source=keep.sh
. "${0%/*}/keep.sh"
# shellcheck source-path=SCRIPTDIR source=decisions.sh
. "${0%/*}/decisions.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/users.sh
. "${0%/*}/users.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/rotation.sh
. "${0%/*}/rotation.sh"
# shellcheck source-path=SCRIPTDIR source=../../users/scripts/acl.sh
. "${0%/*}/acl.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"
# shellcheck source-path=SCRIPTDIR source=../../migration/scripts/source.sh
. "${0%/*}/source.sh"
# shellcheck source-path=SCRIPTDIR source=../../migration/scripts/follow-source.sh
. "${0%/*}/follow-source.sh"

other_nodes=$(without "$SELF" $NODES)
settled_run='' admitted_run='' greeted_run='' save_asked='' old_mark='' disagreed=0 alone=0 asked=0 news='' MASTER='' EPOCH=0 DOWN=0
role='' sentinel='' hearing='' turned_away=0 absent_since=0 awaiting='' persisted_run=''

# Sets what the local server says of itself; fails where it does not answer or still loads.
look() {
  state=$(ask_node 127.0.0.1) && [ -n "$state" ] || return 1
  read -r _ role follows link _ priority keys offset _ _ _ run_id trust <<STATE
$state
STATE
}

# Whoever leaves the manifest may still be master, until it hands over. A server of another cluster does not answer.
follow() { # HOST
  contains "$NODES" "$1" || [ -n "$(ask_node "$1")" ] || {
    wait_for "the sentinels name $1, which is not in the manifest and does not answer as a node of $CLUSTER_ID"
    return
  }
  leave_source || return 0
  say "following $1: $(server REPLICAOF "$1" "$REDIS_PORT")"
  absent_since=0
  hurry # little data are in sync, and on disk, at once
}

# A server that connects to one that is not there yet hears of it seconds after it is: by a packet that is sent again after 1, 3
# and 7 seconds, or when repl-timeout has ended that. Without it the master takes no writes. One that never comes is followed all
# the same, for that is what a last resort begins with.
LONGEST_ABSENCE=10000 # ms
is_there() { # HOST
  [ -z "$(node_cli "$1" PING)" ] || return 0
  [ "$absent_since" != 0 ] || { clock && absent_since=$now; }
  passed "$absent_since" "$LONGEST_ABSENCE"
}

# Who has waited long for its role is nearly given up, and the next ping is up to a second away: the sentinels ask anew at once.
become_master() {
  say "master, because $1: $(server REPLICAOF NO ONE)"
  admit
  greeted_run=''
  hurry
}

# Once for each start of the server: others may copy from it.
admit() {
  [ "$admitted_run" != "$run_id" ] || return 0
  [ "$(server ACL SETUSER "$COPIER" on)" != OK ] || admitted_run=$run_id
}

# --- a server without a role ----------------------------------------------------------------------------------------

decide() {
  majority || { follow_source || wait_for "$WHY" && return; }
  data=none asked_nodes=$SELF
  [ ! -f "$RUN_DIR/data" ] || read -r data <"$RUN_DIR/data"
  [ "$MASTER" != "$SELF" ] || asked_nodes="$SELF $other_nodes"
  verdict=$(ask_all ask_node $asked_nodes |
    role_for "$SELF" "$run_id" "$MASTER" "$EPOCH" "$data" "$keys" "$trust" "$mark_epoch" "$offset" $other_nodes)
  what=${verdict#* }
  case $verdict in
    'wait '*) wait_for "$what" ;;
    # Asking takes up to a second where a sentinel is away, and the others may have promoted this node meanwhile.
    'follow '*)
      if ! is_there "$what"; then
        wait_for "$what does not answer yet"
      elif look && [ "$follows" = 127.0.0.1 ]; then
        follow "$what"
      fi
      ;;
    'master '*) become_master "$what" ;;
    'hand-over '* | 'offer '*)
      [ "${verdict%% *}" = hand-over ] || node_cli "$what" CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
      fail_over "$what has the data and this node may not"
      return # a sentinel that is greeted now gives up, for a replica that it is not connected to can not be chosen
      ;;
  esac
  greet
}

# Once for each start of the server, and for a new master: those who missed it need not find out. Who leads a failover would
# lose what it has just told somebody.
greet() {
  [ "$greeted_run" != "$run_id" ] && no_failover || return 0
  (ask_all reconnect_to_nodes $SENTINELS) >/dev/null # waits for these, and for nobody else
  greeted_run=$run_id
}

# Only this node knows that the old master is gone, so it asks at once instead of waiting for down-after. One sentinel
# only: two that fail over at once can make two masters.
fail_over() { # WHY
  sleep "$(seconds "$FRESH_MILLISECONDS")"
  majority && no_failover && [ "$MASTER" = "$SELF" ] || return 0
  # The quickest: one that hangs would take a second.
  while read -r one named _ leaving _; do
    [ "$named $leaving" = "$SELF -" ] || continue
    say "$1: $one fails over: $(sentinel_cli "$one" SENTINEL FAILOVER "$MASTER_NAME")"
    return
  done <<ANSWERS
$answers
ANSWERS
}

# --- a server with a role -------------------------------------------------------------------------------------------

in_sync() {
  if [ "$MASTER" = "$leader" ]; then
    # The mark says what its disk has.
    [ "$settled_run" = "$run_id" ] || settle || { wait_for 'what is in memory is not on the volume yet' && return; }
    if remember; then leave_source && wait_reason=''; else wait_for 'the mark can not be written: is the volume full?'; fi
  elif [ -n "$awaiting" ]; then
    # Long before the cut-over, which does not wait for it then.
    persist || { wait_for 'what is in memory is not on the volume yet' && return; }
  fi
  : >"$RUN_DIR/ready"
}

# Once for each start of the server, and when a replica was without its master, for it may have copied everything anew. From
# its start until now it could not be chosen as master: with AOF nobody can tell a server with old data from one with new
# data. Nor can it be before what it has is on its disk. No answer is none: it is told again until it says that it has done it.
settle() {
  persist || return 1
  [ "$(server CONFIG SET replica-priority "$REPLICA_PRIORITY")" = OK ] || return 1
  settled_run=$run_id soon=0
  say "in sync: $([ "$role" = master ] && echo master || echo "replica of $leader")"
}

# Fails as long as what is in memory is not on its volume in the form that is wanted.
persist() {
  [ "$persisted_run" != "$run_id" ] || return 0
  appendonly=$(server CONFIG GET appendonly | sed -n 2p)
  [ -n "$appendonly" ] || return 1
  # The old AOF would be loaded instead of newer snapshots: it goes when a snapshot has taken its place, and is whole until then.
  if [ "$AOF" = no ] && [ -d "$DATA_DIR/appendonlydir" ]; then has_snapshot || return 1; fi
  if [ "$appendonly" != "$AOF" ]; then
    [ "$AOF" = no ] || drop_snapshot # which has done its work, and the old file has the same
    say "persistence changes to appendonly $AOF"
    [ "$(server CONFIG SET appendonly "$AOF")" = OK ] || return 1
  fi
  [ "$AOF" = no ] || { aof_is_written && drop_snapshot; } || return 1
  [ "$AOF" = yes ] || rm -rf "$DATA_DIR/appendonlydir"
  persisted_run=$run_id
}

# Of a stop, or of a full copy, where an append-only file has all of it: on a volume there is room for that and the next one.
drop_snapshot() {
  [ -e "$DATA_DIR/dump.rdb" ] && [ -s "$DATA_DIR/appendonlydir/appendonly.aof.manifest" ] || return 0
  [ "$(server CONFIG GET save)" != save ] || rm -f "$DATA_DIR/dump.rdb"
}

aof_is_written() {
  case $(server INFO persistence) in
    *aof_rewrite_in_progress:1* | *aof_rewrite_scheduled:1*) return 1 ;;
    *aof_rewrite_in_progress:0*) return 0 ;;
  esac
  return 1
}

# A snapshot of this run of the server, or none is wanted. One that is refused, for another child of the server is at work, is
# asked for again.
has_snapshot() {
  points=$(server CONFIG GET save)
  [ "$points" != save ] || return 0
  last_save=$(server LASTSAVE)
  [ -n "$points" ] && [ -n "$last_save" ] || return 1
  case $save_asked in
    "$run_id $last_save") return 1 ;;
    "$run_id "*) return 0 ;;
  esac
  case $(server BGSAVE) in 'Background saving'*) save_asked="$run_id $last_save" ;; esac
  return 1
}

# The offset has a file of its own, which may be written half when the machine fails; what it belongs to may not.
remember() {
  new_mark="$EPOCH $MASTER"
  if [ "$new_mark" = "$old_mark" ]; then
    { echo "$EPOCH $offset" >"$DATA_DIR/offset"; } 2>/dev/null || return 1
  else
    echo "$new_mark $offset" | write_durably "$DATA_DIR/mark" || return 1
    show_mark
  fi
  old_mark=$new_mark
}

show_mark() {
  {
    server ACL USERS | grep "^$MARK" | while read -r shown; do hide "$shown"; done
    show "$MARK$EPOCH:$MASTER"
  } | server >/dev/null
}

# What this node knew itself is on its volume, also where its keeper has just begun.
out_of_step() {
  [ "$leader" = "$MASTER" ] && disagreed=0 && return
  disagreed=$((disagreed + 1))
  read_mark
  case $mark_master in '' | "$ELSEWHERE") own_epoch=$EPOCH ;; *) own_epoch=$mark_epoch ;; esac
  its_replicas=''
  if [ "$role" != master ]; then
    # One that was told of its master since then may know more than the sentinels do.
    [ "$leader" = "$mark_master" ] || own_epoch=$EPOCH
    its_replicas=$(ask_node "$MASTER" | cut -d' ' -f5)
  fi
  must_move "$role" "$leader" "$MASTER" "$EPOCH" "$own_epoch" "$disagreed" "$its_replicas" || return 0
  disagreed=0
  [ "$MASTER" = "$SELF" ] || follow "$MASTER"
}

# Longer than a master needs that restarts on its machine: it has everything, and may come back instead.
LAST_RESORT_SECONDS=60

# The master is gone for good and every replica has restarted, so none may be chosen. When all others have answered,
# the one with the most offers itself. `alone` is the moment since which this node is.
last_resort() {
  is_stranded "$DOWN" "$priority" "$keys" "$MASTER" "$NODES" || { alone=0 && return; }
  [ "$alone" != 0 ] || { clock && alone=$now; }
  passed "$alone" $((LAST_RESORT_SECONDS * 1000)) || return 0
  read_mark
  # Its own number as the others see it: with the older one of the mark, two that are both ahead of theirs would each
  # leave it to the other.
  verdict=$(ask_all ask_node $other_nodes | last_resort_of "$MASTER" "$keys" "$trust" "$mark_epoch" "$offset" $other_nodes)
  case $verdict in
    'wait '*) wait_for "${verdict#wait }" ;;
    offer)
      say "$MASTER is gone and no other node has more: offering this one"
      server CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
      ;;
  esac
}

# --- a master that is gone ---------------------------------------------------------------------------------------------

# Nobody else knows at once that the server is gone, and not just silent. One that is back already has all to read.
replace_crashed() {
  [ -z "$stopping" ] || return 0
  why=$(why_silent 127.0.0.1 "$REDIS_PORT" "${REDIS_PASSWORD-}")
  case $why in absent | loading) ;; *) return 0 ;; esac
  clock
  if [ "$role $MASTER" = "master $SELF" ] && must_be_replaced "$AOF" "$(du -sk "$DATA_DIR" | cut -f1)" $((now - ended_at)) "$DOWN_AFTER_MILLISECONDS"; then
    fail_over 'this server is gone, and another is master sooner than it is back'
  elif [ "$why" = loading ]; then
    turn_away
  fi
}

# Clients that came when this was the master's name would wait until all is read. Sentinels hear of a new master within two
# seconds, and then nobody comes any more.
turn_away() {
  [ "$turned_away" -lt 3 ] && majority && [ "$MASTER" != "$SELF" ] || return 0
  turned_away=$((turned_away + 1))
  server CLIENT KILL TYPE normal >/dev/null
}

# --- passwords ------------------------------------------------------------------------------------------------------

USERS=$(system_users redis | cut -d' ' -f1)
tell() { server; }
adopted() { # redis|sentinel PASSWORD
  [ "$1" != redis ] || [ -f "$GATE" ] || [ "$(printf 'CONFIG SET masterauth %s\n' "$(quoted "$2")" | server)" = OK ]
}

# --- certificates -----------------------------------------------------------------------------------------------------

# All in one command, for a new certificate does not fit the key before it. Connections stay.
load_certificate() {
  loaded=$(fingerprint) pair=$RUN_DIR/tls.pem
  case $(server CONFIG SET tls-cert-file "$pair" tls-key-file "$pair" tls-ca-cert-file "$RUN_DIR/ca.pem") in
    OK)
      rm -f "$RUN_DIR/tls.due"
      echo "$loaded" >"$RUN_DIR/tls.loaded"
      say 'a new certificate is served'
      ;;
    '') ;; # in the next second again
    *) wait_for 'the server does not load the new certificate, and says why in its log' ;;
  esac
}

# --- what is done each second ---------------------------------------------------------------------------------------

own_client() { become_client "$REDIS_PORT" "${REDIS_PASSWORD-}" "$@"; }
ask_every_second() { own_client -r -1 -i 1 INFO replication; }

# A second is long where the server is gone. Who waits for messages hears of that at once, and ends who would ask.
hear() {
  [ -z "$hearing" ] || kill "$hearing" 2>/dev/null || :
  hear_until_the_end "$listening" 4<&- &
  hearing=$!
}

hear_until_the_end() { # PID
  last_epoch=-1
  rm -f "$RUN_DIR/heard"
  mkfifo "$RUN_DIR/heard"
  own_client SUBSCRIBE __sentinel__:hello >"$RUN_DIR/heard" 2>/dev/null &
  subscribed=$!
  trap 'kill "$subscribed"; exit' TERM
  hear_of_masters <"$RUN_DIR/heard"
  kill "$1" 2>/dev/null || :
}

# Through each server sentinels tell one another which master they know, of which epoch, every two seconds and when it is new. A
# replica that they missed in a failover hears of its master by this, and that may have no other one. It is taken for a word
# to ask all of them.
hear_of_masters() {
  while read -r said; do # `ADDRESS,PORT,ID,EPOCH,NAME,MASTER,PORT,CONFIG_EPOCH`, after two lines of other things
    case $said in *,*,*,*,*,*,*,*[0-9]) ;; *) continue ;; esac
    [ "${said##*,}" -gt "$last_epoch" ] || continue
    last_epoch=${said##*,}
    : >"$RUN_DIR/switched"
  done
}

# Sets news where the server says something else than before.
read_answer() {
  news=''
  while IFS=: read -r key value; do
    value=${value%"$CARRIAGE_RETURN"}
    case $key in
      role) [ "$value" = "$role" ] || news=yes ;;
      master_host) [ "$value" = "$follows" ] || news=yes ;;
      master_link_status) [ "$value" = "$link" ] || news=yes ;;
      slave_priority) [ "$value" = "$priority" ] || news=yes ;;
      # The last of them. With AOF a server forgets that number, but the mark knows it.
      master_repl_offset)
        [ "$value" -le "$offset" ] || offset=$value
        return
        ;;
    esac
  done <&4
  return 1
}

# How often, in seconds, all sentinels are asked whether the master is still the same; at rest one of them, the next each time,
# where none of them reaches this server.
ASK_SECONDS=5
RESTING_ASK_SECONDS=15

# A sentinel that does not answer is no news of the master; then all are asked.
still_so() {
  sentinel=$(next_of "$sentinel" $SENTINELS)
  read -r _ named its_epoch _ flags <<ANSWER
$(ask_sentinel "$sentinel")
ANSWER
  [ "$named $its_epoch $flags" = "$MASTER $EPOCH master" ]
}

next_of() { # MEMBER LIST...
  after=$1 && shift
  first=$1
  for one; do
    [ "$after" != found ] || { echo "$one" && return; }
    [ "$one" != "$after" ] || after=found
  done
  echo "$first"
}

tick() {
  ! secrets_are_due || follow_secrets redis
  [ ! -e "$RUN_DIR/tls.due" ] || load_certificate
  asked=$((asked + 1))
  if [ -e "$RUN_DIR/switched" ]; then
    rm -f "$RUN_DIR/switched"
    news=yes asked=$ASK_SECONDS
  fi
  if [ -n "$resting" ] && [ -z "$news$stopping" ] && remember; then
    if [ "$asked" -lt "$RESTING_ASK_SECONDS" ]; then return; fi
    if still_so; then asked=0 && return; fi
  fi
  wake
  if ! look; then
    rm -f "$RUN_DIR/ready"
    replace_crashed
    return
  fi
  turned_away=0
  if [ -z "$listening" ]; then
    listen
    [ -z "$listening" ] || { follow_users redis "$listening" && hear; }
  fi
  if [ "$follows" = 127.0.0.1 ]; then
    rm -f "$RUN_DIR/ready"
    read_mark
    decide
    return
  fi
  leader=$SELF
  [ "$role" = master ] || leader=$follows
  [ -z "$awaiting" ] || [ "$role" != master ] || hurry # it has just been made master, and takes no writes yet
  # Before the sentinels are asked, for they call a failover done when the replicas have copied.
  if [ "$role" = master ] || [ "$link" = up ]; then admit; fi
  if [ "$leader" != "$MASTER" ] || [ -n "$stopping" ] || [ "$asked" -ge "$ASK_SECONDS" ]; then
    ! majority || { asked=0 awaiting='' && out_of_step && last_resort; }
  fi
  if [ "$role" != master ] && [ "$link" != up ]; then
    rm -f "$RUN_DIR/ready"
    settled_run='' persisted_run=''
    look_at_source
    return
  fi
  in_sync
  if [ "$asked$DOWN$stopping" = 00 ] && [ "$leader $run_id $run_id" = "$MASTER $settled_run $admitted_run" ]; then rest; fi
}

# A snapshot that the server wrote on its way out holds everything; one that was there before may not.
farewell() {
  [ ! -f "$DATA_DIR/dump.rdb" ] || [ -z "$(find "$DATA_DIR/dump.rdb" -newer "$RUN_DIR/stopping")" ] || : >"$DATA_DIR/clean-stop"
}

read_passwords
keep tick
