import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import {
  AlertName,
  Alerts,
  BackupTarget,
  CaBundle,
  MaxmemoryPolicy,
  Tls,
  type RedisSentinelClusterProps,
} from '../../lib/index';
import { allOf, type AlertRule } from '../support/manifests';
import { complaintsOf, testWithPromtool } from '../support/promtool';
import { synth } from '../support/synth';
import {
  HEALTHY,
  LONG,
  MEMBERS,
  NODES,
  PROXIES,
  SENTINELS,
  always,
  counting,
  each,
  following,
  hostOf,
  naming,
  of,
  ofClaim,
  online,
  proxyWith,
  then,
  unseen,
  type World,
} from './world';

const [MASTER, R1, R2] = NODES;
const [S1, S2, S3] = SENTINELS;

function rulesOf(props: RedisSentinelClusterProps = {}, alerts = Alerts.prometheusRule()): AlertRule[] {
  const [rule] = allOf(synth({ ...props, metrics: { alerts } }, 'cache', 'shop'), 'PrometheusRule');
  return rule?.spec.groups.flatMap(({ rules }) => rules) ?? [];
}

const BACKED_UP: RedisSentinelClusterProps = { backup: { target: BackupTarget.s3({ bucket: 'backups' }) } };

/** When the last backup that succeeded did so, and when one that failed began, in seconds. */
function backups(succeeded: number, failed?: number): World {
  const ofJob = (metric: string, further = ''): string =>
    `${metric}{namespace="shop",job_name="cache-backup-29400000"${further}}`;
  return {
    'kube_cronjob_status_last_successful_time{namespace="shop",cronjob="cache-backup"}': always(succeeded),
    'kube_cronjob_created{namespace="shop",cronjob="cache-backup"}': always(-1_000_000),
    ...(failed !== undefined && {
      [ofJob('kube_job_status_start_time')]: always(failed),
      [ofJob('kube_job_failed', ',condition="true"')]: always(1),
    }),
  };
}

const DAY = 86_400;
const ISSUED: RedisSentinelClusterProps = { tls: Tls.certManager({ issuer: { name: 'ca' } }) };
const GIVEN: RedisSentinelClusterProps = {
  tls: Tls.secret({
    secretName: 'given',
    certificateKey: 'chain.pem',
    ca: CaBundle.fromConfigMap('trusted', 'bundle.pem'),
  }),
};

/** What x509-certificate-exporter says of a key: when each certificate in it ends, in seconds. */
function kept(kind: 'secret' | 'configmap', name: string, key: string, ends: number[]): World {
  const labels = `${kind}_namespace="shop",${kind}_name="${name}",${kind}_key="${key}"`;
  return Object.fromEntries(
    ends.map((end, index) => [
      `x509_cert_not_after{namespace="monitoring",${labels},serial_number="${index}"}`,
      always(end),
    ]),
  );
}

/** What cert-manager says of the Certificate, in a namespace of its own; by default Prometheus puts that over the Certificate's. */
function issued(ends: number, notReady = 0, places = 'namespace="cert-manager",exported_namespace="shop"'): World {
  const of = (metric: string, further = ''): string =>
    `certmanager_certificate_${metric}{${places},name="cache-tls"${further}}`;
  return {
    ...HEALTHY,
    [of('expiration_timestamp_seconds')]: always(ends),
    [of('ready_status', ',condition="False"')]: always(notReady),
    [of('ready_status', ',condition="True"')]: always(1 - notReady),
  };
}

const PROXIED: RedisSentinelClusterProps = { proxy: { reads: {} } };
const [P1, P2] = PROXIES;

/** Two proxies: whether each leads to a master, is reached, and how many clients it has for writes, beside 1000 for reads. */
function proxied(
  one: { clients?: number; master?: string; up?: string } = {},
  other: { clients?: number; master?: string; up?: string } = {},
): World {
  const world = (pod: string, { clients = 2000, master = always(1), up = always(1) }: typeof one): World =>
    proxyWith(pod, clients, master, up);
  return { ...HEALTHY, ...world(P1, one), ...world(P2, other) };
}

/** A world, when one looks, and how often each alert fires then. */
interface Case {
  readonly world: World;
  /** Minutes. */
  readonly at?: number;
  readonly fires: Readonly<Record<string, number>>;
  readonly props?: RedisSentinelClusterProps;
}

/** A counter that jumps after ten minutes. */
const jumping = (by: number): string => `0x19 ${by}x${LONG}`;
/** Another one has become master, again and again, each time for three minutes. */
const turns = (changes: number): { first: string; second: string } => {
  const parts = Array.from({ length: changes + 1 }, (_, index) => index % 2 === 0);
  const values = (isFirst: boolean): string =>
    parts.map((one) => (one === isFirst ? '1x5' : 'stale _x5')).join(' ') +
    (parts.at(-1) === isFirst ? ` 1x${LONG}` : '');
  return { first: values(true), second: values(false) };
};

function flapping(changes: number): World {
  const { first, second } = turns(changes);
  return {
    ...HEALTHY,
    ...each([MASTER], 'redis_instance_info', first, { role: 'master' }),
    ...each([MASTER], 'redis_instance_info', second, { role: 'slave' }),
    ...each([R1], 'redis_instance_info', second, { role: 'master' }),
    ...each([R1], 'redis_instance_info', first, { role: 'slave' }),
  };
}

/** Nothing is master any more after ten minutes, and the sentinels know it, or do not. */
function masterless(seen: string): World {
  return {
    ...without(HEALTHY, [of(MASTER, 'redis_instance_info', { role: 'master' })]),
    ...each(SENTINELS, 'redis_sentinel_master_status', then(1, 20, 'stale'), naming(MASTER, 'ok')),
    ...each(SENTINELS, 'redis_sentinel_master_status', then('_', 20, 0), naming(MASTER, seen)),
  };
}

const without = (world: World, series: string[]): World =>
  Object.fromEntries(Object.entries(world).filter(([one]) => !series.includes(one)));

const EVICTING = { settings: { maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU } };
const claims = (free: number): World =>
  Object.fromEntries(MEMBERS.map((claim) => [ofClaim('available', claim), always(free)]));

/** For each alert what raises it, together with what else that raises, and what is just not enough. */
const CASES: Record<AlertName, { readonly firing: Case; readonly silent: Case }> = {
  [AlertName.METRICS_MISSING]: {
    firing: { world: unseen(HEALTHY, MEMBERS, always(0)), at: 6, fires: { RedisMetricsMissing: 1 } },
    silent: { world: unseen(HEALTHY, MEMBERS, always(0)), at: 4, fires: {} },
  },
  [AlertName.NO_MASTER]: {
    firing: { world: masterless('odown'), at: 13, fires: { RedisNoMaster: 1 } },
    silent: { world: masterless('ok'), at: 13, fires: {} },
  },
  [AlertName.TWO_MASTERS]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_instance_info', then('_', 20, 1), { role: 'master' }) },
      at: 13,
      fires: { RedisTwoMasters: 1, RedisFailover: 1 },
    },
    // As it looks between two looks at those who change.
    silent: {
      world: { ...HEALTHY, ...each([R1], 'redis_instance_info', `_x20 1x2 stale`, { role: 'master' }) },
      at: 13,
      fires: { RedisFailover: 1 },
    },
  },
  [AlertName.SENTINELS_DISAGREE]: {
    firing: {
      world: {
        ...without(HEALTHY, [of(S1, 'redis_sentinel_master_status', naming(MASTER, 'ok'))]),
        ...each([S1], 'redis_sentinel_master_status', always(1), naming(R1, 'ok')),
      },
      fires: { RedisSentinelsDisagree: 1 },
    },
    // All of them have changed to another one: new series, and one name.
    silent: {
      world: {
        ...HEALTHY,
        ...each(SENTINELS, 'redis_sentinel_master_status', then(1, 20, 'stale'), naming(MASTER, 'ok')),
        ...each(SENTINELS, 'redis_sentinel_master_status', then('_', 20, 1), naming(R1, 'ok')),
      },
      fires: {},
    },
  },
  [AlertName.SENTINEL_MAJORITY_DOWN]: {
    firing: { world: unseen(HEALTHY, [S1, S2]), at: 5, fires: { RedisSentinelMajorityDown: 1 } },
    // Their exporters have ended, for they wait for their turn to stop.
    silent: { world: unseen(HEALTHY, [S1, S2], always(0)), at: 5, fires: {} },
  },
  [AlertName.QUORUM_LOST]: {
    firing: {
      world: {
        ...HEALTHY,
        ...each(SENTINELS, 'redis_sentinel_master_ckquorum_status', then(1, 20, 'stale'), {
          message: 'OK 3 usable Sentinels.',
        }),
        ...each(SENTINELS, 'redis_sentinel_master_ckquorum_status', then('_', 20, 0), { message: 'NOQUORUM' }),
      },
      fires: { RedisQuorumLost: 1 },
    },
    silent: {
      world: {
        ...HEALTHY,
        ...each([S1], 'redis_sentinel_master_ckquorum_status', then(1, 20, 'stale'), {
          message: 'OK 3 usable Sentinels.',
        }),
        ...each([S1], 'redis_sentinel_master_ckquorum_status', then('_', 20, 0), { message: 'NOQUORUM' }),
      },
      fires: {},
    },
  },
  [AlertName.WRITES_REFUSED]: {
    firing: {
      world: {
        ...HEALTHY,
        ...each([MASTER], 'redis_connected_slave_lag_seconds', always(4), online(R1)),
        ...each([MASTER], 'redis_connected_slave_lag_seconds', always(4), online(R2)),
      },
      fires: { RedisWritesRefused: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_connected_slave_lag_seconds', always(4), online(R1)) },
      fires: {},
    },
  },
  [AlertName.MEMORY_FULL]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_memory_used_bytes', always(530e6)) },
      fires: { RedisMemoryFull: 1, RedisMemoryHigh: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_memory_used_bytes', always(530e6)) },
      props: EVICTING,
      fires: {},
    },
  },
  [AlertName.AOF_WRITE_FAILED]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_aof_last_write_status', always(0)) },
      fires: { RedisAofWriteFailed: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([R1], 'redis_aof_last_write_status', `1x27 0x2 1x${LONG}`) }, fires: {} },
  },
  [AlertName.SNAPSHOT_FAILED]: {
    firing: {
      world: { ...HEALTHY, ...each([R2], 'redis_rdb_last_bgsave_status', always(0)) },
      fires: { RedisSnapshotFailed: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([R2], 'redis_rdb_last_bgsave_status', `1x27 0x2 1x${LONG}`) }, fires: {} },
  },
  [AlertName.CLAIM_FULL]: {
    firing: {
      world: { ...HEALTHY, [ofClaim('available', MASTER)]: always(0.09e9) },
      fires: { RedisClaimFull: 1, RedisClaimHigh: 1 },
    },
    silent: { world: { ...HEALTHY, [ofClaim('available', MASTER)]: always(0.11e9) }, fires: { RedisClaimHigh: 1 } },
  },
  [AlertName.CERTIFICATE_EXPIRED]: {
    firing: {
      world: { ...HEALTHY, ...kept('secret', 'given', 'chain.pem', [100 * DAY, 300]) },
      fires: { RedisCertificateExpired: 1, RedisCertificateExpires: 1 },
      props: GIVEN,
    },
    // Of its neighbours; and a CA that has been followed by another.
    silent: {
      world: {
        ...HEALTHY,
        ...kept('secret', 'given', 'chain.pem', [100 * DAY]),
        ...kept('secret', 'given', 'other.pem', [300]),
        ...kept('secret', 'other', 'chain.pem', [300]),
        ...kept('configmap', 'trusted', 'bundle.pem', [300, 100 * DAY]),
      },
      fires: {},
      props: GIVEN,
    },
  },
  [AlertName.NODE_DOWN]: {
    firing: { world: unseen(HEALTHY, [R2]), at: 12, fires: { RedisNodeDown: 1 } },
    silent: { world: unseen(HEALTHY, [R2]), at: 9, fires: {} },
  },
  [AlertName.SENTINEL_DOWN]: {
    firing: {
      world: { ...HEALTHY, ...each([S3], 'redis_up', always(0)) },
      at: 12,
      fires: { RedisSentinelDown: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([S3], 'redis_up', always(0)) }, at: 9, fires: {} },
  },
  [AlertName.MEMBER_UNREACHABLE]: {
    firing: { world: unseen(HEALTHY, [R1, S1], always(0)), at: 12, fires: { RedisMemberUnreachable: 2 } },
    silent: { world: unseen(HEALTHY, [R1, S1], always(0)), at: 9, fires: {} },
  },
  [AlertName.RESTARTS]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_uptime_in_seconds', Array(5).fill('0+30x5').join(' ')) },
      at: 14,
      fires: { RedisRestarts: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([R1], 'redis_uptime_in_seconds', Array(4).fill('0+30x7').join(' ')) },
      at: 14,
      fires: {},
    },
  },
  [AlertName.NODE_WAITS]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_slave_info', then('_', 8, 1), { master_host: '127.0.0.1' }) },
      at: 15,
      fires: { RedisNodeWaits: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([R1], 'redis_slave_info', then('_', 8, 1), { master_host: '127.0.0.1' }) },
      at: 13,
      fires: {},
    },
  },
  [AlertName.NOBODY_TO_TAKE_OVER]: {
    firing: {
      world: { ...HEALTHY, ...each([R1, R2], 'redis_slave_priority', always(0)) },
      fires: { RedisNobodyToTakeOver: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([R1], 'redis_slave_priority', always(0)) }, fires: {} },
  },
  [AlertName.FAILOVERS]: {
    firing: { world: flapping(5), at: 17, fires: { RedisFailovers: 1, RedisFailover: 1 } },
    silent: { world: flapping(4), at: 14, fires: { RedisFailover: 1 } },
  },
  [AlertName.REPLICA_LINK_DOWN]: {
    firing: {
      world: {
        ...HEALTHY,
        // It has been told to follow another one meanwhile: another series.
        ...each([R1], 'redis_master_link_up', then(0, 20, 'stale'), following(MASTER)),
        ...each([R1], 'redis_master_link_up', then('_', 20, 0), following(R2)),
      },
      at: 15,
      fires: { RedisReplicaLinkDown: 1 },
    },
    // A copy of much data takes its time.
    silent: {
      world: {
        ...HEALTHY,
        ...each([R1], 'redis_master_link_up', always(0), following(MASTER)),
        ...each([R1], 'redis_master_sync_in_progress', always(1), following(MASTER)),
      },
      fires: {},
    },
  },
  [AlertName.REPLICA_BEHIND]: {
    firing: {
      world: {
        ...HEALTHY,
        ...each([MASTER], 'redis_connected_slave_offset_bytes', `60000000+1000000x${LONG}`, online(R1)),
      },
      fires: { RedisReplicaBehind: 1 },
    },
    // One that gets a full copy has nothing yet.
    silent: {
      world: {
        ...without(HEALTHY, [of(MASTER, 'redis_connected_slave_offset_bytes', online(R1))]),
        ...each([MASTER], 'redis_connected_slave_offset_bytes', always(0), online(R1, 'send_bulk')),
      },
      fires: {},
    },
  },
  [AlertName.FULL_COPIES]: {
    firing: {
      world: { ...HEALTHY, ...each(NODES, 'redis_replica_resyncs_full', jumping(4)) },
      fires: { RedisFullCopies: 1 },
    },
    silent: { world: { ...HEALTHY, ...each(NODES, 'redis_replica_resyncs_full', jumping(3)) }, fires: {} },
  },
  [AlertName.GHOSTS]: {
    firing: {
      world: {
        ...HEALTHY,
        ...each([S1], 'redis_sentinel_master_sentinels', always(4), naming(MASTER)),
        ...each([S2], 'redis_sentinel_master_slaves', always(3), naming(MASTER)),
      },
      fires: { RedisGhosts: 2 },
    },
    silent: {
      world: { ...HEALTHY, ...each([S1], 'redis_sentinel_master_sentinels', always(4), naming(MASTER)) },
      at: 9,
      fires: {},
    },
  },
  [AlertName.SENTINEL_KNOWS_TOO_FEW]: {
    firing: {
      world: { ...HEALTHY, ...each([S1], 'redis_sentinel_master_slaves', always(1), naming(MASTER)) },
      fires: { RedisSentinelKnowsTooFew: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([S1], 'redis_sentinel_master_slaves', always(1), naming(MASTER)) },
      at: 9,
      fires: {},
    },
  },
  [AlertName.SENTINEL_TILT]: {
    firing: {
      world: { ...HEALTHY, ...each([S1], 'redis_sentinel_tilt', `0x26 1x2 0x${LONG}`) },
      fires: { RedisSentinelTilt: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([S1], 'redis_sentinel_tilt', `0x27 1 0x${LONG}`) }, fires: {} },
  },
  [AlertName.SENTINEL_SPINS]: {
    firing: {
      world: { ...HEALTHY, ...each([S2], 'redis_cpu_user_seconds_total', counting(18)) },
      fires: { RedisSentinelSpins: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([S2], 'redis_cpu_user_seconds_total', `0x24 0+18x8 144x${LONG}`) },
      fires: {},
    },
  },
  [AlertName.MEMORY_HIGH]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_memory_used_bytes', always(460e6)) },
      fires: { RedisMemoryHigh: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([MASTER], 'redis_memory_used_bytes', always(450e6)) }, fires: {} },
  },
  [AlertName.NEAR_MEMORY_LIMIT]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_memory_used_rss_bytes', always(970e6)) },
      fires: { RedisNearMemoryLimit: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([R1], 'redis_memory_used_rss_bytes', always(960e6)) }, fires: {} },
  },
  [AlertName.CLIENTS_HIGH]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_connected_clients', always(8100)) },
      fires: { RedisClientsHigh: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([MASTER], 'redis_connected_clients', always(8000)) }, fires: {} },
  },
  [AlertName.CONNECTIONS_REJECTED]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_rejected_connections_total', `3x29 4x${LONG}`) },
      fires: { RedisConnectionsRejected: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_rejected_connections_total', `3x15 4x${LONG}`) },
      fires: {},
    },
  },
  [AlertName.AOF_REWRITE_FAILED]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_aof_last_bgrewrite_status', always(0)) },
      fires: { RedisAofRewriteFailed: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([R1], 'redis_aof_last_bgrewrite_status', `1x24 0x4 1x${LONG}`) },
      fires: {},
    },
  },
  [AlertName.FORK_SLOW]: {
    firing: {
      world: { ...HEALTHY, ...each([R1], 'redis_latest_fork_seconds', always(1.1)) },
      fires: { RedisForkSlow: 1 },
    },
    silent: { world: { ...HEALTHY, ...each([R1], 'redis_latest_fork_seconds', always(1)) }, fires: {} },
  },
  [AlertName.CLAIM_HIGH]: {
    firing: { world: { ...HEALTHY, ...claims(0.39e9) }, fires: { RedisClaimHigh: 6 } },
    silent: { world: { ...HEALTHY, ...claims(0.41e9) }, fires: {} },
  },
  [AlertName.CLAIM_FILLS]: {
    firing: {
      world: { ...HEALTHY, [ofClaim('available', MASTER)]: `600000000-500000x${LONG}` },
      at: 35,
      fires: { RedisClaimFills: 1 },
    },
    // A rewrite comes and goes.
    silent: {
      world: { ...HEALTHY, [ofClaim('available', MASTER)]: `900000000x40 900000000-5000000x${LONG}` },
      at: 40,
      fires: {},
    },
  },
  [AlertName.CERTIFICATE_EXPIRES]: {
    firing: { world: issued(14 * DAY), fires: { RedisCertificateExpires: 1 }, props: ISSUED },
    silent: { world: issued(14 * DAY + 1000), fires: {}, props: ISSUED },
  },
  [AlertName.CERTIFICATE_NOT_READY]: {
    // It was never there, and so it does not expire.
    firing: { world: issued(0, 1), fires: { RedisCertificateNotReady: 1 }, props: ISSUED },
    silent: { world: issued(0, 1), at: 9, fires: {}, props: ISSUED },
  },
  [AlertName.PROXIES_WITHOUT_MASTER]: {
    firing: {
      world: proxied({ master: then(1, 20, 0) }, { master: always(0) }),
      at: 13,
      fires: { RedisProxiesWithoutMaster: 1 },
      props: PROXIED,
    },
    // One of them has it.
    silent: { world: proxied({ master: always(0) }), at: 13, fires: {}, props: PROXIED },
  },
  [AlertName.PROXIES_DOWN]: {
    firing: {
      world: HEALTHY,
      at: 3,
      fires: { RedisProxiesDown: 1 },
      props: PROXIED,
    },
    // Nothing answers at all, which is another alert.
    silent: { world: {}, at: 6, fires: { RedisMetricsMissing: 1, RedisSentinelMajorityDown: 1 }, props: PROXIED },
  },
  [AlertName.PROXY_DOWN]: {
    firing: { world: proxied({ up: always(0) }), fires: { RedisProxyDown: 1 }, props: PROXIED },
    // One is replaced by another.
    silent: {
      world: {
        ...proxied({ up: then(1, 12, 'stale') }),
        ...proxyWith('cache-proxy-new', 0, always(1), then('_', 22, 1)),
      },
      fires: {},
      props: PROXIED,
    },
  },
  [AlertName.PROXY_CLIENTS_HIGH]: {
    firing: { world: proxied({ clients: 3300 }), fires: { RedisProxyClientsHigh: 1 }, props: PROXIED },
    silent: { world: proxied({ clients: 3100 }), fires: {}, props: PROXIED },
  },
  [AlertName.BACKUP_FAILED]: {
    firing: { world: { ...HEALTHY, ...backups(100, 200) }, fires: { RedisBackupFailed: 1 }, props: BACKED_UP },
    // Another has succeeded since.
    silent: { world: { ...HEALTHY, ...backups(300, 200) }, fires: {}, props: BACKED_UP },
  },
  [AlertName.BACKUP_OLD]: {
    firing: { world: { ...HEALTHY, ...backups(-93_600) }, fires: { RedisBackupOld: 1 }, props: BACKED_UP },
    silent: { world: { ...HEALTHY, ...backups(-80_000) }, fires: {}, props: BACKED_UP },
  },
  [AlertName.FAILOVER]: {
    firing: { world: flapping(1), at: 6, fires: { RedisFailover: 1 } },
    silent: { world: flapping(1), at: 12, fires: {} },
  },
  [AlertName.EVICTIONS]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_evicted_keys_total', counting(1)) },
      props: EVICTING,
      fires: { RedisEvictions: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_evicted_keys_total', always(7)) },
      props: EVICTING,
      fires: {},
    },
  },
  [AlertName.LOGINS_REFUSED]: {
    firing: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_errors_total', counting(6), { err: 'WRONGPASS' }) },
      fires: { RedisLoginsRefused: 1 },
    },
    silent: {
      world: { ...HEALTHY, ...each([MASTER], 'redis_errors_total', counting(60), { err: 'NOAUTH' }) },
      fires: {},
    },
  },
};

/** How often each alert fires, as promtool is asked and answers. */
function expectation(name: string, { world, at = 16, fires }: Case): object {
  const fired = Object.entries(fires).filter(([, times]) => times > 0);
  return {
    name,
    interval: '30s',
    input_series: Object.entries(world).map(([series, values]) => ({ series, values })),
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: `${at * 60}s`,
        exp_samples: fired.map(([alert, value]) => ({ labels: `{alertname="${alert}"}`, value })),
      },
    ],
  };
}

/** What promtool complains of these cases. */
function complaints(cases: Record<string, Case>, props: RedisSentinelClusterProps = {}): string {
  const tests = Object.entries(cases).map(([name, one]) => expectation(name, one));
  return complaintsOf(['test', 'rules', 'tests.yaml'], {
    'rules.yaml': { groups: [{ name: 'cache', rules: rulesOf(props) }] },
    'tests.yaml': { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests },
  });
}

/** All members are told to stop at minute five: their exporters end, and they come back one after another, with another master. */
function rollout(): World {
  const back = (member: string): number => 12 + 2 * MEMBERS.indexOf(member as (typeof MEMBERS)[number]);
  const renamed = Object.entries(HEALTHY).flatMap(([series, values]): [string, string][] => {
    const [, member] = /redis_sentinel_cluster_member="([^"]+)"/.exec(series) ?? [];
    if (member === undefined) return [[series, values]];
    const until = back(member);
    // Out of sight while it waits and stops, gone while its next pod starts.
    if (series.startsWith('up{')) return [[series, `1x9 0x${until - 12} stale _x1 1x${LONG}`]];
    const before = series.startsWith('redis_uptime') ? '1000+30x9' : `${values.split('x')[0] ?? ''}x9`;
    const after = series.startsWith('redis_uptime') ? `0+30x${LONG}` : values;
    return [
      [series, `${before} stale`],
      [series.replace('-x2x', '-new').replaceAll(hostOf(MASTER), hostOf(R1)), `_x${until} ${after}`],
    ];
  });
  const role = (node: string, is: string): string =>
    of(node, 'redis_instance_info', { role: is }).replace('-x2x', '-new');
  const world = Object.fromEntries(renamed);
  return {
    ...without(world, [role(MASTER, 'master'), role(R1, 'slave')]),
    [role(MASTER, 'slave')]: `_x${back(MASTER)} ${always(1)}`,
    [role(R1, 'master')]: `_x${back(R1)} ${always(1)}`,
  };
}

/** Five sentinels and four replicas are wanted from the beginning, and are known after so many half minutes. */
function scaledOut(halfMinutes: number): World {
  const joining = (metric: string, before: number, after: number): World =>
    each(SENTINELS, metric, then(before, halfMinutes, after), naming(MASTER));
  return {
    ...HEALTHY,
    ...joining('redis_sentinel_master_sentinels', 3, 5),
    ...joining('redis_sentinel_master_slaves', 2, 4),
    ...(Object.assign(
      {},
      ...['cache-replica-3', 'cache-replica-4', 'cache-sentinel-4', 'cache-sentinel-5'].map((member) => ({
        ...each([member], 'up', then('_', halfMinutes, 1)),
        ...each([member], 'redis_up', then('_', halfMinutes, 1)),
      })),
    ) as World),
  };
}

describe('Nothing above info is raised by', () => {
  const raised = (world: World, minutes: number[], props: RedisSentinelClusterProps = {}): string =>
    complaintsOf(['test', 'rules', 'tests.yaml'], {
      'rules.yaml': { groups: [{ name: 'cache', rules: rulesOf(props) }] },
      'tests.yaml': {
        rule_files: ['rules.yaml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '30s',
            input_series: Object.entries(world).map(([series, values]) => ({ series, values })),
            promql_expr_test: minutes.map((minute) => ({
              expr: 'count by (alertname) (ALERTS{alertstate="firing",severity!="info"})',
              eval_time: `${minute * 60}s`,
              exp_samples: [],
            })),
          },
        ],
      },
    });
  const minutes = Array.from({ length: 18 }, (_, index) => index + 1);

  testWithPromtool('a healthy cluster.', () => {
    expect(raised(HEALTHY, minutes)).toBe('');
  });

  testWithPromtool('certificates of which no exporter tells.', () => {
    for (const props of [ISSUED, GIVEN]) expect(raised(HEALTHY, minutes, props)).toBe('');
  });

  testWithPromtool('proxies that are well, and a failover that they wait for.', () => {
    expect(raised(proxied(), minutes, PROXIED)).toBe('');
    const away = { master: `1x9 0x2 1x${LONG}` };
    expect(raised(proxied(away, away), minutes, PROXIED)).toBe('');
  });

  testWithPromtool('a planned stop of the master.', () => {
    expect(raised(flapping(1), minutes)).toBe('');
  });

  testWithPromtool('a rollout of everything at once.', () => {
    expect(raised(rollout(), minutes)).toBe('');
  });

  testWithPromtool(
    'a rotation of the password, which is two rollouts within minutes, and many wrong passwords.',
    () => {
      const refused = each(NODES, 'redis_errors_total', counting(60), { err: 'WRONGPASS' });
      expect(raised({ ...flapping(2), ...refused }, minutes)).toBe('');
    },
  );

  testWithPromtool('two nodes and two sentinels more.', () => {
    const five = { nodes: { replicas: 4 }, sentinels: { count: 5 } };
    expect(raised(scaledOut(8), minutes, five)).toBe('');
    // And the test can fail.
    expect(raised(scaledOut(LONG), minutes, five)).toContain('RedisSentinelKnowsTooFew');
  });
});

describe('An alert', () => {
  const byName = Object.entries(CASES);

  testWithPromtool.each(byName)('is raised by what it is for, and by nothing that is nearly so: %s', (name, cases) => {
    expect(cases.firing.fires[name]).toBeGreaterThan(0);
    expect(cases.silent.fires[name] ?? 0).toBe(0);
    if (cases.firing.props === cases.silent.props) expect(complaints({ ...cases }, cases.firing.props)).toBe('');
    else for (const [which, one] of Object.entries(cases)) expect(complaints({ [which]: one }, one.props)).toBe('');
  });

  testWithPromtool('of a certificate knows it by each of its sources, and nobody else’s.', () => {
    const fires = { RedisCertificateExpires: 1 };
    const honoured = issued(DAY, 0, 'namespace="shop"');
    // cert-manager in the namespace of the cluster, and a Certificate of this name in another.
    const strangers = issued(DAY, 1, 'namespace="shop",exported_namespace="other"');
    const soon = (kind: 'secret' | 'configmap', name: string, key: string): World => ({
      ...HEALTHY,
      ...kept(kind, name, key, [DAY]),
    });
    const ofCertManager = complaints(
      {
        honoured: { world: honoured, fires },
        strangers: { world: strangers, fires: {} },
        secret: { world: soon('secret', 'cache-tls', 'tls.crt'), fires },
        ca: { world: soon('secret', 'cache-tls', 'ca.crt'), fires },
      },
      ISSUED,
    );
    expect(ofCertManager).toBe('');
    expect(complaints({ ca: { world: soon('configmap', 'trusted', 'bundle.pem'), fires } }, GIVEN)).toBe('');
  });

  test('of a certificate comes when the next one is late, be it good for a day.', () => {
    const expires = (duration: Duration): string | undefined =>
      rulesOf({ tls: Tls.certManager({ issuer: { name: 'ca' }, duration }) }).find(
        ({ alert }) => alert === 'RedisCertificateExpires',
      )?.expr;
    expect(expires(Duration.days(90))).toMatch(/ < 1209600$/);
    expect(expires(Duration.days(1))).toMatch(/ < 14400$/);
  });

  test('has one of these cases, and can be rendered.', () => {
    const rendered = [{}, EVICTING, BACKED_UP, ISSUED, PROXIED].flatMap((props) =>
      rulesOf(props).map(({ alert }) => alert),
    );
    expect([...new Set(rendered)].sort()).toEqual(Object.keys(CASES).sort());
  });
});
