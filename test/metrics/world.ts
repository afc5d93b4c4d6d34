/** What Prometheus has of a cluster of three nodes and three sentinels: series, and what each had every half minute. */
export type World = Readonly<Record<string, string>>;

export const NODES = ['cache-master', 'cache-replica-1', 'cache-replica-2'] as const;
export const SENTINELS = ['cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3'] as const;
export const MEMBERS = [...NODES, ...SENTINELS] as const;
const [MASTER, ...REPLICAS] = NODES;

/** Half minutes of a world: 75 minutes. */
export const LONG = 150;
/** One value for all the time. */
export const always = (value: number): string => `${value}x${LONG}`;
/** One value, and another one after so many half minutes. */
export const then = (before: number | '_', halfMinutes: number, after: number | '_' | 'stale'): string => {
  const first = before === '_' ? `_x${halfMinutes}` : `${before}x${halfMinutes - 1}`;
  if (after === 'stale') return `${first} stale`;
  return `${first} ${after === '_' ? '_' : after}x${LONG - halfMinutes}`;
};
/** A counter, by what it grows in half a minute. */
export const counting = (perHalfMinute: number): string => `0+${perHalfMinute}x${LONG}`;

const componentOf = (member: string): string => (member.includes('sentinel') ? 'sentinel' : 'node');

/** A series of a member, as an exporter that Prometheus has found gives it. */
export function of(member: string, metric: string, labels: Record<string, string> = {}): string {
  const all = {
    namespace: 'shop',
    pod: `${member}-5d9c-x2x`,
    app_kubernetes_io_instance: 'cache',
    app_kubernetes_io_component: componentOf(member),
    redis_sentinel_cluster_member: member,
    ...labels,
  };
  const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${text.join(',')}}`;
}

/** The same for each of these members. */
export function each(
  members: readonly string[],
  metric: string,
  values: string,
  labels: Record<string, string> = {},
): World {
  return Object.fromEntries(members.map((member) => [of(member, metric, labels), values]));
}

export const hostOf = (node: string): string => `${node}.shop.svc`;
export const following = (node: string): Record<string, string> => ({ master_host: hostOf(node), master_port: '6379' });
export const naming = (node: string, status?: string): Record<string, string> => ({
  master_name: 'cache',
  master_address: `${hostOf(node)}:6379`,
  ...(status !== undefined && { master_status: status }),
});
export const online = (replica: string, state = 'online'): Record<string, string> => ({
  slave_ip: hostOf(replica),
  slave_port: '6379',
  slave_state: state,
});
export const claimOf = (claim: string): Record<string, string> => ({ namespace: 'shop', persistentvolumeclaim: claim });
export function ofClaim(what: 'available' | 'capacity', claim: string): string {
  return `kubelet_volume_stats_${what}_bytes{namespace="shop",persistentvolumeclaim="${claim}"}`;
}

/** What HAProxy in a pod of the proxies tells: of which of its parts, where it is one of theirs. */
export function ofProxy(pod: string, metric: string, part?: string): string {
  const labels = { namespace: 'shop', pod, app_kubernetes_io_instance: 'cache', app_kubernetes_io_component: 'proxy' };
  const text = Object.entries({ ...labels, ...(part !== undefined && { proxy: part }) });
  return `${metric}{${text.map(([name, value]) => `${name}="${value}"`).join(',')}}`;
}
export const PROXIES = ['cache-proxy-5d9c-abc', 'cache-proxy-5d9c-xyz'] as const;
/** Of one that is well. */
export const proxyWith = (pod: string, clients: number, master: string, up: string): World => ({
  [ofProxy(pod, 'up')]: up,
  [ofProxy(pod, 'haproxy_backend_active_servers', 'write')]: master,
  [ofProxy(pod, 'haproxy_backend_active_servers', 'read')]: always(2),
  [ofProxy(pod, 'haproxy_frontend_current_sessions', 'clients')]: always(clients),
  // Of Prometheus and of the checks, which are no clients.
  [ofProxy(pod, 'haproxy_frontend_current_sessions', 'health')]: always(900),
});

/** One where nothing is wrong. */
export const HEALTHY: World = {
  ...each(MEMBERS, 'up', always(1)),
  ...each(MEMBERS, 'redis_up', always(1)),
  ...each(MEMBERS, 'redis_uptime_in_seconds', `1000+30x${LONG}`),
  ...each([MASTER], 'redis_instance_info', always(1), { role: 'master' }),
  ...each(REPLICAS, 'redis_instance_info', always(1), { role: 'slave' }),
  ...each(NODES, 'redis_memory_used_bytes', always(400e6)),
  ...each(NODES, 'redis_memory_max_bytes', always(536_870_912)),
  ...each(NODES, 'redis_memory_used_rss_bytes', always(500e6)),
  ...each(NODES, 'redis_connected_clients', always(7900)),
  ...each(NODES, 'redis_rejected_connections_total', always(3)),
  ...each(NODES, 'redis_errors_total', counting(4), { err: 'WRONGPASS' }),
  ...each(NODES, 'redis_aof_last_write_status', always(1)),
  ...each(NODES, 'redis_aof_last_bgrewrite_status', always(1)),
  ...each(NODES, 'redis_rdb_last_bgsave_status', always(1)),
  ...each(NODES, 'redis_latest_fork_seconds', always(0.9)),
  ...each(NODES, 'redis_replica_resyncs_full', `2x19 5x${LONG}`),
  ...each(NODES, 'redis_master_repl_offset', `100000000+1000000x${LONG}`),
  ...each(REPLICAS, 'redis_slave_priority', always(100)),
  ...each(REPLICAS, 'redis_slave_info', always(1), { ...following(MASTER), read_only: '1' }),
  ...each(REPLICAS, 'redis_master_link_up', always(1), following(MASTER)),
  ...each(REPLICAS, 'redis_master_sync_in_progress', always(0), following(MASTER)),
  ...(Object.assign(
    {},
    ...REPLICAS.map((replica) => ({
      ...each([MASTER], 'redis_connected_slave_lag_seconds', always(1), online(replica)),
      // 30 MB behind, of 64.
      ...each([MASTER], 'redis_connected_slave_offset_bytes', `70000000+1000000x${LONG}`, online(replica)),
    })),
  ) as World),
  ...each(SENTINELS, 'redis_sentinel_master_status', always(1), naming(MASTER, 'ok')),
  ...each(SENTINELS, 'redis_sentinel_master_sentinels', always(3), naming(MASTER)),
  ...each(SENTINELS, 'redis_sentinel_master_slaves', always(2), naming(MASTER)),
  ...each(SENTINELS, 'redis_sentinel_master_ckquorum_status', always(1), { message: 'OK 3 usable Sentinels.' }),
  ...each(SENTINELS, 'redis_sentinel_tilt', always(0)),
  // 0.4 of a processor.
  ...each(SENTINELS, 'redis_cpu_user_seconds_total', counting(6)),
  ...each(SENTINELS, 'redis_cpu_sys_seconds_total', counting(6)),
  ...Object.fromEntries(
    MEMBERS.flatMap((claim) => [
      [ofClaim('capacity', claim), always(2e9)],
      [ofClaim('available', claim), always(0.5e9)],
    ]),
  ),
};

/** Without all that these members say, but for what is said of them: whether Prometheus reaches them. */
export function unseen(world: World, members: readonly string[], reached?: string): World {
  const kept = Object.entries(world).filter(
    ([series]) => !members.some((member) => series.includes(`redis_sentinel_cluster_member="${member}"`)),
  );
  return { ...Object.fromEntries(kept), ...(reached === undefined ? {} : each(members, 'up', reached)) };
}
