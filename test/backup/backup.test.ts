import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { BackupCheck, BackupTarget, type BackupOptions, type RedisSentinelClusterProps } from '../../lib';
import { containersOf, environment, find, type Container, type Manifest } from '../support/manifests';
import { synth } from '../support/synth';

const s3 = BackupTarget.s3({ bucket: 'backups', endpoint: 'http://s3.example.com:9000', secretName: 's3' });

const rendered = (backup: Partial<BackupOptions> = {}, props: RedisSentinelClusterProps = {}): Manifest[] =>
  synth({ ...props, backup: { target: s3, ...backup } }, 'cache', 'shop');
const cronJob = (objects: Manifest[]) => find(objects, 'CronJob', 'cache-backup').spec;
const podOf = (objects: Manifest[]) => cronJob(objects).jobTemplate.spec.template;
function step(objects: Manifest[], name: string): Container {
  const [found] = containersOf(podOf(objects).spec).filter((one) => one.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

describe('A backup', () => {
  test('has its steps in turn, and what goes wrong in one ends it.', () => {
    const { spec } = podOf(rendered());
    expect(spec.initContainers?.map(({ name, command }) => [name, command?.at(-1)])).toEqual([
      ['names', '/scripts/names.sh'],
      ['dump', '/scripts/backup-dump.sh'],
      ['verify', '/scripts/backup-verify.sh'],
    ]);
    expect(spec.containers.map(({ name, command }) => [name, command?.at(-1)])).toEqual([
      ['store', '/scripts/backup-upload.sh'],
    ]);
    expect(spec).toMatchObject({ restartPolicy: 'Never', automountServiceAccountToken: false });
  });

  test('is made each night, never two at once, and is tried three times within an hour.', () => {
    expect(cronJob(rendered())).toMatchObject({
      schedule: '0 3 * * *',
      timeZone: 'Etc/UTC',
      suspend: false,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 3600 } },
    });
  });

  test('has a password in no argument and in no variable, but for what rclone reads from nowhere else.', () => {
    for (const { command = [], args = [], env = [] } of containersOf(podOf(rendered()).spec) as (Container & {
      readonly args?: string[];
    })[]) {
      expect([...command, ...args].join(' ')).not.toMatch(/pass|secret/i);
      const secrets = env.filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
      expect(secrets.map(({ name }) => name)).toEqual(
        env.some(({ name }) => name === 'TARGET_PATH')
          ? ['RCLONE_CONFIG_TARGET_ACCESS_KEY_ID', 'RCLONE_CONFIG_TARGET_SECRET_ACCESS_KEY']
          : [],
      );
    }
  });

  test('shows the passwords to who asks the members, and to nobody else.', () => {
    const objects = rendered();
    const sees = (name: string) => step(objects, name).volumeMounts?.some((mount) => mount.name === 'passwords');
    expect(['names', 'dump', 'verify', 'store'].filter(sees)).toEqual(['dump']);
  });

  test('is loaded by a server with the memory of the largest node.', () => {
    const memory = Size.gibibytes(4);
    const objects = rendered({}, { nodes: { master: { resources: { memory: { request: memory, limit: memory } } } } });
    expect(step(objects, 'verify').resources?.limits).toMatchObject({ memory: '4Gi' });
    expect(podOf(objects).spec.volumes).toContainEqual({ name: 'scratch', emptyDir: { sizeLimit: '4Gi' } });
    expect(environment(objects, step(objects, 'verify'))['VERIFY']).toBe('load');
    expect(environment(objects, step(rendered({ check: BackupCheck.READ }), 'verify'))['VERIFY']).toBe('read');
  });

  test('counts days as whole ones, and keeps those of any age where nobody says one.', () => {
    const kept = (backup: Partial<BackupOptions>) => {
      const objects = rendered(backup);
      const { KEEP_COUNT, KEEP_DAYS } = environment(objects, step(objects, 'store'));
      return [KEEP_COUNT, KEEP_DAYS];
    };
    expect(kept({})).toEqual(['7', '0']);
    expect(kept({ retention: { count: 30, age: Duration.hours(49) } })).toEqual(['30', '2']);
  });

  test('may be known by a ServiceAccount of its own.', () => {
    expect(podOf(rendered({ serviceAccountName: 'backup' })).spec).toMatchObject({ serviceAccountName: 'backup' });
    expect(podOf(rendered({}, { nodes: { pod: { serviceAccountName: 'redis' } } })).spec).toMatchObject({
      serviceAccountName: 'redis',
    });
  });

  test('makes a user at each node, and none without backups.', () => {
    const variables = (objects: Manifest[]) => {
      const [node] = find(objects, 'Deployment', 'cache-replica-1').spec.template.spec.containers;
      if (node === undefined) throw new Error('no server');
      return environment(objects, node);
    };
    expect(variables(rendered())['BACKUP_RIGHTS']).toBe(
      '%R~* -@all +info +select +sync +replconf +randomkey +type +ttl +memory|usage +get +llen +scard +zcard +hlen +xlen',
    );
    expect(variables(synth())).not.toHaveProperty('BACKUP_RIGHTS');
  });
});

describe('Its store', () => {
  const store = (target: BackupTarget) => {
    const objects = rendered({ target });
    const container = step(objects, 'store');
    const all = Object.entries(environment(objects, container));
    const own = all.filter(([name]) => name.startsWith('RCLONE') || name.startsWith('TARGET'));
    return { container, objects, variables: Object.fromEntries(own) };
  };

  test('is a bucket.', () => {
    expect(store(s3).variables).toEqual({
      RCLONE_CONFIG_TARGET_TYPE: 's3',
      RCLONE_CONFIG_TARGET_PROVIDER: 'Other',
      RCLONE_CONFIG_TARGET_ENDPOINT: 'http://s3.example.com:9000',
      RCLONE_CONFIG_TARGET_REGION: 'us-east-1',
      RCLONE_CONFIG_TARGET_FORCE_PATH_STYLE: 'true',
      RCLONE_CONFIG_TARGET_NO_CHECK_BUCKET: 'true',
      RCLONE_CONFIG_TARGET_ACCESS_KEY_ID: 'secret s3 access-key-id',
      RCLONE_CONFIG_TARGET_SECRET_ACCESS_KEY: 'secret s3 secret-access-key',
      TARGET_PATH: 'backups/$(POD_NAMESPACE)/cache',
    });
  });

  test('is a bucket of AWS, which knows the pod.', () => {
    expect(store(BackupTarget.s3({ bucket: 'backups', region: 'eu-west-1', prefix: 'a/b' })).variables).toEqual({
      RCLONE_CONFIG_TARGET_TYPE: 's3',
      RCLONE_CONFIG_TARGET_PROVIDER: 'AWS',
      RCLONE_CONFIG_TARGET_REGION: 'eu-west-1',
      RCLONE_CONFIG_TARGET_FORCE_PATH_STYLE: 'false',
      RCLONE_CONFIG_TARGET_NO_CHECK_BUCKET: 'true',
      RCLONE_CONFIG_TARGET_ENV_AUTH: 'true',
      TARGET_PATH: 'backups/a/b',
    });
  });

  test('is a claim.', () => {
    const { container, objects, variables } = store(BackupTarget.claim({ claimName: 'kept' }));
    expect(variables).toEqual({
      RCLONE_CONFIG_TARGET_TYPE: 'local',
      TARGET_PATH: '/backups/$(POD_NAMESPACE)/cache',
    });
    expect(container.volumeMounts).toContainEqual({ name: 'backups', mountPath: '/backups' });
    expect(podOf(objects).spec.volumes).toContainEqual({
      name: 'backups',
      persistentVolumeClaim: { claimName: 'kept' },
    });
  });

  test('is whatever rclone can reach.', () => {
    const { container } = store(BackupTarget.rclone({ secretName: 'remote', path: 'a' }));
    expect(container.envFrom).toContainEqual({ prefix: 'RCLONE_CONFIG_TARGET_', secretRef: { name: 'remote' } });
  });

  test.each([
    [s3, [9000]],
    [BackupTarget.s3({ bucket: 'backups' }), [443]],
    [BackupTarget.s3({ bucket: 'backups', endpoint: 'http://s3' }), [80]],
    [BackupTarget.rclone({ secretName: 'remote', port: 22 }), [22]],
    [BackupTarget.claim({ claimName: 'kept' }), []],
  ])('is what its pods may reach beside members and a resolver: %#', (target, ports) => {
    const { egress = [], ingress } = find(rendered({ target }), 'NetworkPolicy', 'cache-backup').spec;
    expect(egress.slice(2).flatMap((rule) => (rule.ports ?? []).map(({ port }) => port))).toEqual(ports);
    expect(ingress).toBeUndefined();
  });
});

describe('A cluster that begins with a backup', () => {
  const target = BackupTarget.s3({ bucket: 'backups', secretName: 's3', prefix: 'shop/cache' });
  const objects = synth({ restoreFrom: { target } }, 'cache', 'shop');
  const initOf = (name: string) =>
    find(objects, 'Deployment', name).spec.template.spec.initContainers?.map((container) => container.name);

  test('asks, fetches and places it at the first master, and at no other node.', () => {
    expect(initOf('cache-master')).toEqual(['names', 'restore-ask', 'restore-fetch', 'restore-place']);
    expect(initOf('cache-replica-1')).toEqual(['names']);
  });

  test('lets its first master reach the store, and no other node.', () => {
    const { podSelector, egress } = find(objects, 'NetworkPolicy', 'cache-restore').spec;
    expect(podSelector.matchLabels).toMatchObject({ 'redis-sentinel-cluster/member': 'cache-master' });
    expect(egress).toEqual([{ ports: [{ protocol: 'TCP', port: 443 }] }]);
  });

  test('has a name of the backup that all its members know.', () => {
    const [sentinel] = find(objects, 'Deployment', 'cache-sentinel-1').spec.template.spec.containers;
    if (sentinel === undefined) throw new Error('no sentinel');
    expect(environment(objects, sentinel)['RESTORE']).toBe('latest');
  });
});
