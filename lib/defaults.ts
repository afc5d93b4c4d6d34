import { Duration, Size } from 'cdk8s';
import { Auth } from './auth/props';
import { BackupCheck } from './backup/props';
import { ContainerResources, Cpu, ImagePullPolicy, PersistentVolumeAccessMode, k8s } from './core/kplus';
import { reserved } from './core/quantities';
import { EnvContract, Product } from './image/props';
import { Spread } from './member/props';
import { Alerts, Dashboard, Monitor } from './metrics/props';
import { Client } from './network-policy/props';
import { Ids } from './security/props';
import { ProxyService, TrafficPolicy, WhenSentinelsAreAway } from './proxy/props';
import { FsyncPolicy, Persistence, SavePoint, Storage } from './storage/props';
import { ClientCertificates } from './tls/props';

/** Every default and its reason. */

/**
 * The lines with the longest support, in the newest patch known. This project's tests could not have these very images: on a
 * real cluster they run a server of 8.2.3, and Debian's builds of 8.0.2 and 8.1.1, which have its security patches.
 */
export const IMAGES: Record<Product, { readonly repository: string; readonly tag: string }> = {
  [Product.REDIS]: { repository: 'docker.io/library/redis', tag: '8.2.10' },
  [Product.VALKEY]: { repository: 'docker.io/valkey/valkey', tag: '8.1.11' },
};
export const PRODUCT = Product.REDIS;
/** A fixed version does not change, so nobody needs to ask the registry at every start. */
export const PULL_POLICY = ImagePullPolicy.IF_NOT_PRESENT;
export const ENV_CONTRACT = EnvContract.SCRIPTS;

/** Two replicas: one can be away while the master still has one that keeps it writable. */
export const REPLICAS = 2;
/** Three sentinels: a majority survives the loss of one machine. */
export const SENTINELS = 3;

export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26379;
export const HOST_NETWORK = false;

/** Longer than what freezes a healthy master: a fork of a large heap, a slow command. */
export const DOWN_AFTER = Duration.seconds(5);
/**
 * A failed attempt costs twice this time, and one whose new master dies in it just this; Redis' own 180 s would be six minutes
 * without a master. A promotion takes a second.
 */
export const FAILOVER_TIMEOUT = Duration.seconds(5);
/** What Sentinel waits for by itself, in milliseconds, and what it is here. Its own way to set them is `SENTINEL DEBUG`. */
export const SENTINEL_WAITS: Readonly<Record<string, number>> = {
  /** How old its view of a replica may be: of the priority of one that is to take over, of its offset after a crash. 10,000. */
  'INFO-PERIOD': 1000,
  /** A replica that was told of its new master and has not answered is not waited for: it asks for itself. 10,000. */
  'SLAVE-RECONF-TIMEOUT': 3000,
  /** After it was frozen itself it waits until all have answered again, which takes them a second. 30,000. */
  'TILT-PERIOD': 5000,
};
/** One replica goes on serving reads while the other copies. */
export const PARALLEL_SYNCS = 1;
/** A freeze of the master, or of the sentinels' machine, must not look like a crash. */
export const HASTY_DOWN_AFTER = Duration.seconds(3);

/** One, so that a master that is cut off takes no writes; with a single replica it would never take any after a crash. */
export const minReplicasToWrite = (replicas: number): number => (replicas >= 2 ? 1 : 0);
/** A replica that is slower than this is not worth an acknowledged write. */
export const LONGEST_LAG = Duration.seconds(3);
/** A master that is cut off is closed this long before another one opens, at least. */
export const GUARD_MARGIN = Duration.seconds(2);

export const REPLICATION = {
  /** Replicas that ask within it share one copy: with much to copy the second would wait for the first to have all of it. */
  replDisklessSyncDelay: Duration.seconds(1),
  /** A link to a pod that is gone looks alive for so long: its replica has old data, and nobody knows. Redis says 60 s. */
  replTimeout: Duration.seconds(10),
};

/** A replica that was away for a moment catches up from this instead of copying everything. */
export const REPL_BACKLOG_SIZE = Size.mebibytes(64);
/** Redis' own limit; smaller ones make a large full copy begin again and again. */
export const REPLICA_OUTPUT_BUFFER_LIMIT = Size.mebibytes(256);
/** Forks copy pages that are written meanwhile: half of the data is room for a busy save. */
export const MEMORY_FACTOR = 1.5;

/** Every write, in order: a killed process loses none that reached the kernel. */
export const PERSISTENCE = Persistence.aof();
/** A disk write for each answer is for those who ask for it. */
export const FSYNC = FsyncPolicy.EVERY_SECOND;
/** Redis' own. */
export const SAVE_POINTS: SavePoint[] = [
  { seconds: 3600, changes: 1 },
  { seconds: 300, changes: 100 },
  { seconds: 60, changes: 10000 },
];
/** An append-only file grows to twice the data before it is rewritten, and the rewrite is beside it. */
export const AOF_CLAIM_FACTOR = 3;
/** A snapshot is written beside the last one. */
export const RDB_CLAIM_FACTOR = 2;
/** Beside an append-only file there is one snapshot, and the one from a full copy has its name. */
export const AOF_AND_RDB_CLAIM_FACTOR = 4;

/** No CPU limit: a throttled server answers nobody, and looks dead. */
export const NODE_RESOURCES: ContainerResources = reserved(Cpu.millis(100), Size.gibibytes(1));
/** No CPU limit: a sentinel that is frozen for two seconds does nothing for seconds more. */
export const SENTINEL_RESOURCES: ContainerResources = reserved(Cpu.millis(50), Size.mebibytes(64));
export const KEEPER_CPU = Cpu.millis(10);
/** A shell, and a redis-cli for each of three members that it asks at once: 17 MiB at most, with TLS. */
export const KEEPER_MEMORY = Size.mebibytes(32);
/** For each more that it asks at once: 4.2 MiB at most, with TLS. */
export const KEEPER_MEMORY_EACH = Size.mebibytes(6);

export const STORAGE = Storage.claim();
/** The only one that every driver has. */
export const ACCESS_MODE = PersistentVolumeAccessMode.READ_WRITE_ONCE;
/** Holds the default memory with an append-only file and a snapshot. */
export const NODE_CLAIM_SIZE = Size.gibibytes(2);
/** A sentinel writes a few hundred bytes; most providers round up to this. */
export const SENTINEL_CLAIM_SIZE = Size.gibibytes(1);
/** Addresses, marks and a configuration with passwords: some kilobytes. */
export const MEMORY_VOLUME = Size.mebibytes(16);

export const AUTH = Auth.secret();
export const PASSWORD_KEY = 'password';
/** And of the sentinels' own, where the manifest has both. */
export const SENTINEL_PASSWORD_KEY = 'sentinel-password';
/** Clients read theirs when they start, and a team restarts them within a working day. */
export const PASSWORD_OVERLAP = Duration.days(1);
/** As in Secrets of the type kubernetes.io/tls, and of cert-manager. */
export const CERTIFICATE_KEY = 'tls.crt';
export const PRIVATE_KEY_KEY = 'tls.key';
export const CA_KEY = 'ca.crt';
/** Who is let in is a matter of passwords; a certificate for each client is work for each team. */
export const CLIENT_CERTIFICATES = ClientCertificates.NONE;
export const CERT_MANAGER = 'cert-manager.io';
/** cert-manager's own. */
export const CERTIFICATE_DURATION = Duration.days(90);
/** That of nearly all. */
export const CLUSTER_DOMAIN = 'cluster.local';
/** Where a client finds the CA. */
export const CLIENT_CA_PATH = '/etc/redis-tls';
/** Of the variables that a client is given. */
export const ENV_PREFIX = 'REDIS';

export const IDS = Ids.FIXED;
/** Above every user of an ordinary machine; the same for every image, so that a claim outlives a change of image. */
export const USER = 10001;
export const RESTRICTED = true;

/** A cluster of two machines must come up too. */
export const SPREAD = Spread.PREFERRED;
/** Never two servers on one volume, nor two pods behind one name. */
export const STRATEGY: k8s.DeploymentStrategy = { type: 'Recreate' };
/** Enough to roll back; each is an object somebody has to look past. */
export const REVISION_HISTORY_LIMIT = 3;

/** A member that stopped and is not back after this time is not waited for: pulling an image can take this long. */
export const COMEBACK = Duration.seconds(120);
/** A hand-over: up to 10 s until a sentinel sees the chosen replica, then the pause and the votes. */
export const HAND_OVER = Duration.seconds(20);
/** A stopping server gives its replicas what they lack (10 s) and writes what is not on disk. */
export const SHUTDOWN = Duration.seconds(20);
/** Sentinels take a longer pause of the master for its death. */
export const PAUSE_MARGIN = Duration.millis(500);

/**
 * A command in a container needs seconds to start on a busy machine, and a probe that is not through in time counts as one
 * that failed: all sentinels of a cluster were killed for that at once. The probe itself sees sooner what hangs.
 */
export const PROBE_TIMEOUT = Duration.seconds(60);
/**
 * A look costs as much as the server itself in eight seconds. So the probe makes sure by itself, and has the time for it on a busy
 * machine too: what fails it has been silent for 20 s, which is no busy moment.
 */
export const LIVENESS = { periodSeconds: 30, failureThreshold: 1, timeoutSeconds: 2 * PROBE_TIMEOUT.toSeconds() };
/** Until a member is ready for the first time, however long that is: a rollout and a drain wait for it. */
export const FIRST_KEPT = { periodSeconds: 2, failureThreshold: 2 ** 31 - 1 };
/** And then: members that stop look themselves how the others are, so nothing but a drain depends on it. */
export const KEPT = { periodSeconds: 20, failureThreshold: 1 };
export const NODE_STARTUP_PERIOD = Duration.seconds(2);
/** A server with little data is there in a second; a busy machine takes longer. */
export const STARTUP_TIME = Duration.seconds(30);
/** A sentinel has nothing to load, and waits until somebody knows a master. */
export const SENTINEL_STARTUP = { periodSeconds: 2, failureThreshold: 30 };

/** Of a memory limit, two thirds of which are data at most: to read, write or copy a GiB of data takes 3 to 15 seconds. */
export const TIME_PER_GIB = Duration.seconds(10);
/** Kubernetes' own. */
export const PROGRESS_DEADLINE = Duration.seconds(600);

/** A check waits for all members to stop one after another, and so much longer. */
export const CHECK_MARGIN = Duration.seconds(60);
/** Time for the check's pod to be placed and its image to be there, beside the check's own. */
export const PLACEMENT_TIME = Duration.seconds(120);

/** Of gigabytes, over a slow line. */
export const CUT_OVER_TIMEOUT = Duration.hours(1);

/** Who reaches the port is asked for a password, and most should not even reach it. */
export const NETWORK_POLICY = true;
/** OpenShift's resolver listens on 5353 behind its Service. */
export const DNS_PORTS = [53, 5353];

export const DISRUPTION_BUDGETS = true;

/** Priority of a node in sync; every node has the same, so that the fullest is chosen. */
export const REPLICA_PRIORITY = 100;

/** The newest that was tried with this library, on a real cluster. */
export const EXPORTER_IMAGE = { repository: 'docker.io/oliver006/redis_exporter', tag: 'v1.86.0' };
/** Its own, and the next one: a node and a sentinel may share the network of a machine. */
export const EXPORTER_PORT = 9121;
export const SENTINEL_EXPORTER_PORT = 9122;
/** For one line. */
export const PASSWORD_VOLUME = Size.kibibytes(64);
/** 12 MiB at rest and 18 after sixty answers in a row, each for 3 ms of a processor. */
export const EXPORTER_RESOURCES: ContainerResources = reserved(Cpu.millis(10), Size.mebibytes(32));
/** The one that every cluster takes: the definitions of the operator may not be there. */
export const MONITOR = Monitor.annotations();
/** The operator's own. */
export const SCRAPE_INTERVAL = Duration.seconds(30);
/** What the operator, and the charts of Prometheus, name its pods. */
export const SCRAPER = Client.pods({ podLabels: { 'app.kubernetes.io/name': 'prometheus' }, namespaceLabels: {} });
export const ALERTS = Alerts.none();
export const DASHBOARD = Dashboard.none();
export const RUNBOOKS =
  'https://github.com/redis-sentinel-cluster/cdk8s-redis-sentinel-cluster/blob/main/docs/monitoring.md';
/** Prometheus has lost sight of all: it may have been started anew itself. */
export const SIGHT_LOST = Duration.minutes(5);
/** What stands for a minute or more is no peak. */
export const NO_PEAK = Duration.minutes(5);
/** Of a claim: beyond this there is no time left. */
export const CLAIM_FULL_PERCENT = 95;
/** Of `maxmemory`: the next large value is refused. */
export const MEMORY_FULL_PERCENT = 98;
/** Redis' own. */
export const MAXCLIENTS = 10_000;
export const ALERTS_AT = {
  /** Longer than any failover that was measured, and than three sentinels that come back one after another. */
  outage: Duration.minutes(2),
  /** Longer than every planned event that was measured. */
  patience: Duration.minutes(10),
  /** Room for a full copy's buffers is beside it already. */
  memoryPercent: 85,
  memoryLimitPercent: 90,
  clientsPercent: 80,
  /** The other half is for the time that a link is down. */
  backlogPercent: 50,
  claimPercent: 80,
  claimFullIn: Duration.days(1),
  /** Time for whoever must be asked for another one. */
  certificateExpiresIn: Duration.days(14),
  /** A rollout has one, a rotation two. */
  failoversPerHour: 4,
  fullCopiesPerHour: 10,
  /** The kubelet waits longer each time, so a loop has few in an hour. */
  restartsPerHour: 3,
  /** Clients that have not changed over try again and again. */
  refusedLogins: 100,
  /** At rest it is less than two; one that spins takes 60 and more. */
  sentinelCpuPercent: 50,
  /** One each night, and two hours in which it may be made. */
  backupAge: Duration.hours(26),
  /** Clients wait as long. */
  fork: Duration.seconds(1),
};

/** The newest when this was written. On a real cluster this project's tests have 1.60.1, and what is used here both know. */
export const RCLONE_IMAGE = { repository: 'docker.io/rclone/rclone', tag: '1.76.0' };
/** When fewest are awake. */
export const BACKUP_SCHEDULE = '0 3 * * *';
export const BACKUP_TIME_ZONE = 'Etc/UTC';
/** Longer than any backup that was measured, and shorter than nobody would notice. */
export const BACKUP_DEADLINE = Duration.hours(1);
/** What was never loaded is a hope. */
export const BACKUP_CHECK = BackupCheck.LOAD;
/** A week of days. */
export const BACKUPS = 7;
/** What is kept to be looked at. */
export const BACKUP_JOBS = 3;
/** rclone holds some parts of what it sends in memory. */
export const BACKUP_RESOURCES: ContainerResources = reserved(Cpu.millis(50), Size.mebibytes(128));
export const PASSPHRASE_KEY = 'passphrase';
export const ACCESS_KEY_ID_KEY = 'access-key-id';
export const SECRET_ACCESS_KEY_KEY = 'secret-access-key';
/** What stores without regions want to hear. */
export const S3_REGION = 'us-east-1';
/** The patch that was tried on a real cluster, of a line with long support. */
export const PROXY_IMAGE = { repository: 'docker.io/library/haproxy', tag: '3.2.26' };
/** One of them, or its machine, may be away. */
export const PROXIES = 2;
export const PROXY_SERVICE = ProxyService.clusterIp();
/** HAProxy's own for what is not the service itself. */
export const PROXY_HEALTH_PORT = 8404;
/** The next one: both may be in one pod. */
export const PROXY_READS_PORT = 6380;
/** Who writes must be sure. */
export const WHEN_SENTINELS_ARE_AWAY = WhenSentinelsAreAway.REFUSE;
/** The loss of a master is seen, and its successor found, within three of them. Each is some thousandths of a processor. */
export const PROXY_CHECK_INTERVAL = Duration.millis(250);
/** Two looks at a frozen node, and the time between them, take seventeen and a half intervals. */
export const PROXY_CHECKS_IN_DOWN_AFTER = 20;
/** A master says something each second, and a busy one is late. */
export const PROXY_MAX_LAG = Duration.seconds(2);
/** Reads are there as long as any node is. */
export const FALL_BACK_TO_MASTER = true;
/** Two proxies let in fewer than a server does, and leave room for members and people. */
export const PROXY_CONNECTIONS = 4000;
/** A connection in the middle of something has two buffers of 16 KiB; one at rest has none. */
export const MEMORY_PER_CONNECTION = Size.kibibytes(32);
/** HAProxy, the one that replaces it, and a shell. */
export const PROXY_MEMORY = Size.mebibytes(32);
/** With TLS: a process for the checks, and the one that replaces it. */
export const TUNNEL_MEMORY = Size.mebibytes(24);
/** No limit: a throttled proxy is slow for everybody. */
export const PROXY_CPU = Cpu.millis(100);
/** Until every machine of a cluster knows that a pod is no longer behind its Service. */
export const PROXY_DRAIN = Duration.seconds(5);
/** Until a balancer knows that a machine has none any more: three looks, one every ten seconds. */
export const PROXY_DRAIN_OUTSIDE = Duration.seconds(30);
/** Source ranges can be looked at, for the proxies see who comes. */
export const PROXY_TRAFFIC_POLICY = TrafficPolicy.LOCAL;
/** Between its own end and SIGKILL. */
export const KILL_MARGIN = Duration.seconds(5);
/** HAProxy is there in a moment; the keeper beside it needs one too. */
export const PROXY_STARTUP = { periodSeconds: 1, failureThreshold: 60 };
/**
 * Longer than a failover: one that took itself out of its Service each time would be back seconds later than the master. One that is
 * cut off is out when others are of more use.
 */
export const PROXY_READINESS = { periodSeconds: 1, failureThreshold: 30 };
export const PROXY_LIVENESS = { periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 };
