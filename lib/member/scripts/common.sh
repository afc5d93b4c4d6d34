# Sourced by every script here: how to log, to write a configuration, and to ask nodes and sentinels.
# POSIX sh for dash and busybox; needs the server's own programs, flock, timeout, getent and coreutils.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

umask 077
# Or an entry point that becomes another user could not read it. Those that would not do so do not know this.
export SKIP_DROP_PRIVS=1

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

# Ends the container, with a sentence that `kubectl describe pod` shows too.
refuse() {
  say "refused: $*"
  [ ! -w /dev/termination-log ] || echo "refused: $*" >/dev/termination-log
  exit 1
}

# The same sentence every second helps nobody: said at once when it is new, then every 5 seconds.
wait_for() {
  if [ "$*" = "${wait_reason-}" ]; then wait_seconds=$((wait_seconds + 1)); else wait_reason=$* wait_seconds=0; fi
  [ $((wait_seconds % 5)) -ne 0 ] || say "waiting: $*"
}

# Sets now, in milliseconds: since the machine started, for a wall clock is set now and then.
clock() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}0
}
passed() { clock && [ $((now - $1)) -ge "$2" ]; } # SINCE MILLISECONDS
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); } # MILLISECONDS

count() { echo $#; }

contains() { # LIST WORD
  case " $1 " in *" $2 "*) return 0 ;; *) return 1 ;; esac
}

without() { # WORD LIST...
  word=$1 && shift
  for one; do [ "$one" = "$word" ] || printf '%s ' "$one"; done
}

# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/client.sh
. "${0%/*}/client.sh"

# The lists in the environment are Services of this namespace, or addresses: each as the one name it is known by.
hosts() {
  for member; do
    shift
    case $member in *.*) ;; *) member=$member.$POD_NAMESPACE.svc ;; esac
    set -- "$@" "$member"
  done
  echo "$*"
}
CLUSTER_ID=$POD_NAMESPACE/$CLUSTER
OWNER=$CLUSTER_ID/$SELF
NODES=$(hosts $NODES) SENTINELS=$(hosts $SENTINELS) SELF=$(hosts $SELF)

# Tools that rename objects (kustomize's namePrefix, nameSuffix) leave variables as they are: such a copy would know the
# members of the original by the names that are its own. A pod is called `WORKLOAD-<hash>-<chance>`, cut to 63 characters.
refuse_renamed() { # POD WORKLOAD
  base=${1%?????}
  case $base in "$2"-*) case ${base#"$2"-} in *-*-*) ;; *) return 0 ;; esac ;; esac
  [ ${#1} -lt 63 ] || case $2- in "$base"*) return 0 ;; esac
  refuse "this is the pod $1, and not one of $2: its objects were renamed, and the names by which members know one another were not. Give the cluster its name in the program instead, new RedisSentinelCluster(chart, 'name'), or keep the names and write another namespace"
}

# Images of Valkey name their programs valkey-*, images of Redis redis-*.
program() { command -v "valkey-$1" || command -v "redis-$1"; }

# --- configuration files ------------------------------------------------------------------------------------------

# PREFIX COMMAND...: `COMMAND directive value` for every variable PREFIX_DIRECTIVE of the environment.
each_setting() {
  prefix=$1
  shift
  env | sed -n "s/^${prefix}_\([A-Z0-9_]*\)=/\1 /p" | sort | while read -r name value; do
    "$@" "$(printf %s "$name" | tr 'A-Z_' 'a-z-')" "$value"
  done
}

server_setting() { printf '%s %s\n' "$1" "$2"; }

# PORT: where a server listens, and with which certificate.
listens_on() {
  [ -n "${TLS_CLIENTS-}" ] || { echo "port $1" && return; }
  cat <<CONF
port 0
tls-port $1
tls-cert-file $RUN_DIR/tls.pem
tls-key-file $RUN_DIR/tls.pem
tls-ca-cert-file $RUN_DIR/ca.pem
tls-auth-clients $TLS_CLIENTS
tls-replication yes
CONF
}

quoted() { printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"; }

# As whom keepers, hooks and the check log in at members: by names that no other cluster's servers know. A name or an address
# that leads to one of those leads to nothing, though it has the same passwords.
MEMBER=member@$CLUSTER_ID
# As whom sentinels do.
WATCHER=sentinel@$CLUSTER_ID
# As whom a replica copies from its master. Who has no role yet has this user off, and is asked again each second.
COPIER=replication@$CLUSTER_ID
# As whom the proxies ask a node for its role, and a sentinel for its master.
PROXY=proxy@$CLUSTER_ID

# As whom a backup copies from a replica, where there are backups.
BACKUP=backup@$CLUSTER_ID

LINE_BREAK='
'
# --- the volume ---------------------------------------------------------------------------------------------------

# Fails where another process holds the lock, and sets no_lock where there can be none. Both end flock with an error, and
# only the second makes it say something; numbers differ between Debian and Alpine.
try_lock() {
  no_lock=$(flock -n 9 2>&1)
}

# Never two servers on one volume. Kept by exec for the server's whole life, free at once when that ends.
lock_volume() {
  touch "$DATA_DIR/.lock" || refuse "the volume can not be written by user $(id -u) and its groups, $(id -G)"
  exec 9>"$DATA_DIR/.lock"
  until try_lock; do
    [ -z "$no_lock" ] || refuse "the volume can not be locked, and two servers could write to it ($no_lock); use one that knows flock: a block device, or NFS with locks (without the mount option nolock)"
    wait_for "another process still holds the volume"
    sleep 1
  done
}

# Sets volume_owner: `NAMESPACE/CLUSTER/MEMBER`, who was started on this volume last. Empty where it is of other origin.
read_owner() {
  volume_owner=''
  [ ! -f "$DATA_DIR/owner" ] || read -r volume_owner <"$DATA_DIR/owner"
}

# OWNER, what a sentinel remembers on standard input: prints what of it holds here.
memory_of() {
  case $1 in
    "$OWNER") cat ;;
    # A copy of another sentinel's volume: two of one id would count as one.
    "$CLUSTER_ID"/*) grep -Ev '^sentinel (myid|leader-epoch) ' || : ;;
    *) ;; # it names strangers
  esac
}

# After what does not hold here has been taken from its memory.
take_over() {
  [ "$volume_owner" != "$OWNER" ] || return 0
  echo "$OWNER" | write_durably "$DATA_DIR/owner" || refuse "$NOT_WRITTEN"
  [ -z "$volume_owner" ] || say "this volume was that of $volume_owner, and is that of $OWNER from now on"
}
NOT_WRITTEN='the volume can not be written: is it full?'

# FILE, content on standard input: complete and on disk, or not there at all.
write_durably() { dd of="$1.new" conv=fsync 2>/dev/null && mv "$1.new" "$1"; }

# --- asking -------------------------------------------------------------------------------------------------------

# The pinned address, so that a dead resolver never delays an answer; a name not pinned yet is looked up.
address_of() { # HOST
  [ -f "$RUN_DIR/hosts" ] || { echo "$1" && return; }
  while read -r address host; do
    [ "$host" != "$1" ] || { echo "$address" && return 0; }
  done <"$RUN_DIR/hosts"
  echo "$1"
}

# HOST PORT PASSWORD COMMAND...: without COMMAND, commands come on standard input.
as_member() {
  ask_host=$(address_of "$1") ask_port=$2 ask_password=$3 ask_cli=$cli
  [ "$1" != 127.0.0.1 ] || ask_cli=$own_cli
  shift 3
  # shellcheck disable=SC2086 # its words
  REDISCLI_AUTH=${ask_password:-none} timeout "${ASK_TIMEOUT:-1}" $ask_cli --user "$MEMBER" -h "$ask_host" -p "$ask_port" "$@"
}
ask_server() { as_member "$@" 2>/dev/null | tr -d '\r'; }
node_cli() { # HOST COMMAND...
  cli_host=$1 && shift
  ask_server "$cli_host" "$REDIS_PORT" "${REDIS_PASSWORD-}" "$@"
}
server() { node_cli 127.0.0.1 "$@"; } # the one of this pod
role_of() { node_cli "$1" ROLE | head -n 1; } # HOST
sentinel_cli() { # HOST COMMAND...
  cli_host=$1 && shift
  ask_server "$cli_host" "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}" "$@"
}

# HOST PORT PASSWORD, of a server that has not answered as a member of this cluster: prints why: absent, loading, stranger
# (or another password), untrusted (it shows a certificate of another CA, or speaks no TLS), or slow. No answer is none of the others.
why_silent() {
  case $(as_member "$@" PING 2>&1) in
    *WRONGPASS* | *NOAUTH*) echo stranger ;;
    *LOADING* | *MASTERDOWN*) echo loading ;; # the latter where it has no role yet
    *refused*) echo absent ;;
    *SSL_connect* | *'closed the connection'*) echo untrusted ;;
    *) echo slow ;;
  esac
}

# A member that wants to stop shows it to the others, and once more when it goes: as a user without any right, which is
# gone with the process.
show() { printf 'ACL SETUSER %s off\n' "$1"; }
hide() { printf 'ACL DELUSER %s\n' "$1"; }

# A member that has not taken what is in its Secret, or must start anew with it, shows that in the same way.
REFUSED=certificate-refused
RENEWING=renewing

# In the same way a node shows the `EPOCH:MASTER` of its mark: what it was started with, in its configuration, grows old.
MARK=mark:

# Reads users up to the answer of a PING, or the head of an INFO: sets leaving to `-`, `stopping` or `going`, and shown_mark.
# Fails where the server is not of this cluster.
read_users() {
  leaving=- ours='' shown_mark=''
  while read -r user; do
    case $user in
      PONG | '#'*) break ;;
      "$MEMBER") ours=yes ;;
      "$MARK"*) shown_mark=${user#"$MARK"} ;;
      going) leaving=going ;;
      stopping) [ "$leaving" = going ] || leaving=stopping ;;
    esac
  done
  [ -n "$ours" ]
}

# HOST: prints `HOST MASTER EPOCH LEAVING FLAGS`, or nothing where it does not answer, is of another cluster, has another
# password or knows no master. That may be a node which has left the manifest and still serves.
# GET-MASTER-ADDR is right a second earlier than MASTER after a failover; the rest is only in MASTER.
PROMOTED=promoted
ask_sentinel() {
  printf 'ACL USERS\nPING\nSENTINEL GET-MASTER-ADDR-BY-NAME %s\nSENTINEL MASTER %s\n' "$MASTER_NAME" "$MASTER_NAME" |
    sentinel_cli "$1" | {
    read_users && read -r named && read -r _ || exit 0
    of='' flags='' epoch=''
    while read -r key && read -r value; do
      case $key in ip) of=$value ;; flags) flags=$value ;; config-epoch) epoch=$value ;; esac
    done
    # It leads a failover and has made another the master: the flags are of the old one.
    [ "$of" = "$named" ] || flags=$PROMOTED
    [ -n "$named" ] && [ -n "$epoch" ] && echo "$1 $named $epoch $leaving $flags"
  }
}

# HOST: prints `HOST ROLE FOLLOWS LINK REPLICAS PRIORITY KEYS OFFSET MARK_EPOCH MARK_MASTER LEAVING RUN_ID TRUST`, or
# nothing.
# OFFSET: how much of the master's history it has. With AOF a server forgets that number, but the mark knows it.
# TRUST: 2 it has been in sync since its start, 1 it remembers when it was, 0 it never was, or in another cluster.
ask_node() {
  printf 'CONFIG GET syslog-ident\nACL USERS\nINFO\n' | node_cli "$1" | {
    read -r key && read -r mark || exit 0
    [ "$key" = syslog-ident ] && read_users || exit 0
    run_id='' role='' follows=- link=- replicas=0 priority=- keys=0 offset=0 loading=0 aof=0
    while IFS=: read -r key value; do
      case $key in
        run_id) run_id=$value ;;
        role) role=$value ;;
        master_host) follows=$value ;;
        master_link_status) link=$value ;;
        connected_slaves) replicas=$value ;;
        slave_priority) priority=$value ;;
        slave_repl_offset | master_repl_offset) [ "$value" -le "$offset" ] || offset=$value ;;
        loading) loading=$value ;;
        aof_enabled) aof=$value ;;
        db*) case $value in keys=*) value=${value#keys=} keys=$((keys + ${value%%,*})) ;; esac ;;
      esac
    done
    [ -n "$role" ] && [ "$loading" = 0 ] || exit 0
    mark_epoch=${mark%%:*} mark=${mark#*:} # EPOCH:MASTER:OFFSET
    [ "$aof" = 0 ] || [ "${mark#*:}" -le "$offset" ] || offset=${mark#*:}
    mark_master=${mark%%:*}
    [ -z "$shown_mark" ] || { mark_epoch=${shown_mark%%:*} && mark_master=${shown_mark#*:}; }
    trust=$(trust_in "$priority" "$mark_master")
    echo "$1 $role $follows $link $replicas $priority $keys $offset $mark_epoch ${mark_master:--} $leaving $run_id $trust"
  }
}

# SENTINEL REPLICAS|SENTINELS: prints `HOST FLAGS` of each that it knows.
ask_known() {
  sentinel_cli "$1" SENTINEL "$2" "$MASTER_NAME" | {
    about=''
    while read -r key && read -r value; do
      case $key in ip) about=$value ;; flags) echo "$about $value" ;; esac
    done
  }
}

# HOST: that sentinel makes its connections to nodes, or to sentinels, anew, for it is told as whom it logs in. One that was
# begun while nobody was at the other end comes about by a later packet, 1, 3 or 7 seconds after the first; it may then wake the
# sentinel for ever, which reads nothing there and uses a processor. Not one that leads a failover: without its connections it
# would give up, and wait for ten seconds.
reconnect_to_nodes() { is_free "$1" && sentinel_cli "$1" SENTINEL SET "$MASTER_NAME" auth-user "$WATCHER"; }
reconnect_to_sentinels() { is_free "$1" && sentinel_cli "$1" SENTINEL CONFIG SET sentinel-user "$WATCHER"; }
is_free() { # HOST
  its_answer=$(ask_sentinel "$1")
  [ -n "$its_answer" ] && ! leads_failover "$its_answer"
}

# ask_sentinel|ask_node HOST...: all at once; one line for each that answers.
ask_all() {
  ask_one=$1 && shift
  for host; do "$ask_one" "$host" & done
  wait
}

# What a majority of the configured sentinels says, and none of them is about to change: sets MASTER, EPOCH and DOWN
# (how many of them hold that master for dead), all of them or none. Fails, and sets WHY, where there is no such thing.
majority() {
  sentinels=$(count $SENTINELS) answers=$(ask_all ask_sentinel $SENTINELS) # unquoted: a list of hosts
  needed=$((sentinels / 2 + 1))
  outcome=$(printf '%s\n' "$answers" | count_votes "$needed" "$sentinels")
  case $outcome in
    'master '*) ;;
    *) WHY=$outcome && return 1 ;;
  esac
  # shellcheck disable=SC2086 # its words
  set -- $outcome
  MASTER=$2 EPOCH=$3 DOWN=$4
}

# Whether none of those that a majority has just asked leads a failover: while one tells the replicas of their new master, that
# is known, and another failover would meet it.
no_failover() {
  ! leads_failover "$answers" || { WHY=$UNDER_WAY && return 1; }
}
# Flags of a sentinel, or answers with them.
leads_failover() {
  case " $1" in *failover_in_progress* | *" $PROMOTED"*) ;; *) return 1 ;; esac
}
is_failing_over() { leads_failover "$(ask_sentinel "$1")"; } # HOST
UNDER_WAY='a failover is under way'

# NEEDED OF, the answers of sentinels on standard input: prints `master HOST EPOCH DOWN`, or why there is none.
count_votes() {
  answers=$(cat) newest=0 answered=0 elected=''
  case $answers in *failover_in_progress*) echo "$UNDER_WAY" && return ;; esac
  for node in $(printf '%s\n' "$answers" | cut -d' ' -f2 | sort -u); do
    votes=0 epoch=0 down=0
    while read -r _ named its_epoch _ flags; do
      [ "$named" = "$node" ] || continue
      votes=$((votes + 1))
      [ "$its_epoch" -le "$epoch" ] || epoch=$its_epoch
      case $flags in *o_down*) down=$((down + 1)) ;; esac
    done <<LINES
$answers
LINES
    answered=$((answered + votes))
    [ "$epoch" -le "$newest" ] || newest=$epoch
    [ "$votes" -lt "$1" ] || elected=$node elected_epoch=$epoch elected_down=$down
  done
  if [ -z "$elected" ]; then
    echo "no $1 of $2 sentinels name one master ($answered answered)"
  elif [ "$elected_epoch" != "$newest" ]; then
    # One that led a failover knows it up to two seconds before the others.
    echo 'the sentinels are learning of a new master'
  else
    echo "master $elected $elected_epoch $elected_down"
  fi
}

# --- whose data are newer -----------------------------------------------------------------------------------------

# The mark is the node's memory on its volume: `EPOCH MASTER OFFSET`, what the sentinels said when it last was in sync. On a
# copy of another cluster's volume the numbers say how old the data are, and the name says nothing.
ELSEWHERE=elsewhere
read_mark() {
  mark_epoch=0 mark_master='' mark_offset=0 its_epoch='' later=''
  [ ! -f "$DATA_DIR/mark" ] || read -r mark_epoch mark_master mark_offset <"$DATA_DIR/mark"
  # How far it came since then, from each second.
  [ ! -f "$DATA_DIR/offset" ] || read -r its_epoch later <"$DATA_DIR/offset" || return 0
  [ "$its_epoch" != "$mark_epoch" ] || [ "${later:-0}" -le "$mark_offset" ] || mark_offset=$later
}

trust_in() { # PRIORITY MARK_MASTER
  case $1/$2 in
    0/ | "0/$ELSEWHERE") echo 0 ;;
    0/*) echo 1 ;;
    *) echo 2 ;;
  esac
}

is_more() { # TRUST EPOCH OFFSET than TRUST EPOCH OFFSET
  [ "$1" -eq "$4" ] || { [ "$1" -gt "$4" ] && return 0 || return 1; }
  [ "$2" -eq "$5" ] || { [ "$2" -gt "$5" ] && return 0 || return 1; }
  [ "$3" -gt "$6" ]
}
