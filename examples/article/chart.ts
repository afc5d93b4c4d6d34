import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, ImagePullPolicy, k8s, type ContainerResources } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  Auth,
  EnvContract,
  RedisSentinelCluster,
  Risk,
  Spread,
  Storage,
  type DeploymentOptions,
  type SchedulingOptions,
  type MemberOptions,
} from '../../lib';

/** The three Deployments of an article of 2020, field by field: images that configure themselves, on the host's network. */
export class ArticleChart extends Chart {
  public readonly cluster: RedisSentinelCluster;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'core-610' });
    this.cluster = new RedisSentinelCluster(this, 'redis', {
      masterName: 'mymaster',
      image: { tag: '4.0.10', pullPolicy: ImagePullPolicy.ALWAYS, envContract: EnvContract.SELF_CONFIGURED },
      nodes: {
        replicas: 1,
        port: 6378,
        hostNetwork: true,
        resources: both(Cpu.millis(250)),
        scheduling,
        deployment: rolling(k8s.IntOrString.fromNumber(0), k8s.IntOrString.fromNumber(1)),
        master: {
          ...service('redis-master1', '1', '1', [
            ...bookkeeping('redis-master1', '1060'),
            { name: '__CREATE_TIME__', value: '2020-01-10T15:10:24' },
          ]),
          image: { repository: `${REGISTRY}/al_redis-sent_master` },
          storage: Storage.existingClaim('redis-rep1'),
          announceHost: '192.168.1.94',
        },
        replicaOverrides: {
          replica1: {
            ...service('redis-slave-1', '2', '2', bookkeeping('redis-slave-1', '1057')),
            image: { repository: `${REGISTRY}/al_redis_slave` },
            // The article has redis-rep1 here too: two servers that write one /data. That is refused, accepted or not.
            storage: Storage.existingClaim('redis-rep2'),
            announceHost: '192.168.1.95',
          },
        },
      },
      sentinels: {
        count: 1,
        quorum: 1,
        port: 26378,
        downAfter: Duration.seconds(8),
        failoverTimeout: Duration.seconds(60),
        resources: both(Cpu.units(0.5)),
        scheduling,
        deployment: rolling(k8s.IntOrString.fromString('0%'), k8s.IntOrString.fromString('100%')),
        overrides: {
          sentinel1: {
            ...service('redis-sentinel1', '2', '5'),
            image: { repository: `${REGISTRY}/al_redis_sentinel` },
            storage: Storage.existingClaim('redis-sentinel1'),
            announceHost: '192.168.1.92',
          },
        },
      },
      settings: { maxmemory: Size.mebibytes(512), maxclients: 8000 },
      auth: Auth.secret({ secretName: 'redis-auth' }),
      // Policies do not hold for pods on the host's network, and the article has none; nor has it budgets.
      networkPolicy: { enabled: false },
      disruptionBudgets: false,
      acceptRisks: [
        // One vote is no vote, and when the sentinel's machine goes nobody promotes the slave.
        Risk.SINGLE_SENTINEL,
        // maxmemory is all of the memory limit: at the first fork, or with one slow slave, the kernel kills Redis.
        Risk.MEMORY_WITHOUT_HEADROOM,
        // Master and slave want port 6378 of their machine, and nothing keeps them from coming to the same one.
        Risk.HOST_NETWORK_WITHOUT_SPREAD,
        // The master's address is fixed in the environment: after a failover, a restart makes a second master, or a slave
        // of one that is none any more. No probes, no hand-over, and a master that comes back empty empties its slave.
        Risk.SELF_CONFIGURED_IMAGE,
      ],
    });
    const { master, replicas, sentinels } = this.cluster;
    for (const { deployment } of [master, ...replicas, ...sentinels]) writeOutDefaults(deployment);
  }
}

/** The article hides the address of its registry so; as a host's name it is valid. */
const REGISTRY = 'xxx.xxx.xxx.xxx/pro568';

/** Empty affinities, as in the article, and nothing that keeps the pods apart. */
const scheduling: SchedulingOptions = { affinity: { podAffinity: {}, podAntiAffinity: {} }, spread: Spread.NONE };

function both(cpu: Cpu): ContainerResources {
  const memory = Size.mebibytes(512);
  return { cpu: { request: cpu, limit: cpu }, memory: { request: memory, limit: memory } };
}

function rolling(maxSurge: k8s.IntOrString, maxUnavailable: k8s.IntOrString): DeploymentOptions {
  return {
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    revisionHistoryLimit: 5,
    terminationGracePeriod: Duration.seconds(10),
  };
}

/** A Deployment as the platform names, labels and numbers it. */
function service(name: string, revision: string, version: string, env: k8s.EnvVar[] = []): MemberOptions {
  return {
    name,
    deployment: {
      selector: { service_name: name },
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    pod: { annotations: { 'service.alauda.io/version': version }, env },
  };
}

/** What the platform writes into every container for itself; Redis does not read it. */
function bookkeeping(service: string, version: string): k8s.EnvVar[] {
  return Object.entries({
    __ALAUDA_FULL_NAME__: '',
    __ALAUDA_APP_NAME__: 'gzky-sentinel',
    __ALAUDA_SERVICE_NAME__: service,
    __ALAUDA_SERVICE_ID__: service,
    __ALAUDA_SERVICE_VERSION__: version,
    __ALAUDA_OVER_COMMIT_CPU__: '512',
    __ALAUDA_OVER_COMMIT_MEM__: '512',
    __ALAUDA_CONTAINER_SIZE__: '0.5',
    __ALAUDA_REGION_NAME__: '',
  }).map(([name, value]) => ({ name, value }));
}

/** Defaults of Kubernetes that the article writes out have no prop: they are patched in. */
function writeOutDefaults(deployment: k8s.KubeDeployment): void {
  ApiObject.of(deployment).addJsonPatch(
    JsonPatch.add('/spec/template/spec/restartPolicy', 'Always'),
    JsonPatch.add('/spec/template/spec/schedulerName', 'default-scheduler'),
    // On the host's network the library would write ClusterFirstWithHostNet; with this, pods there use the machine's DNS.
    JsonPatch.add('/spec/template/spec/dnsPolicy', 'ClusterFirst'),
    JsonPatch.add('/spec/template/spec/containers/0/terminationMessagePath', '/dev/termination-log'),
    JsonPatch.add('/spec/template/spec/containers/0/terminationMessagePolicy', 'File'),
  );
}
