import { kubectl, until } from './kubectl';
import { apply } from './live-cluster';

/** An image of SeaweedFS, where the machines have one, as from `test/live/seaweedfs.sh`: a store that speaks S3. */
export const storeImage = process.env.S3_IMAGE;
if (storeImage === undefined)
  console.warn('S3_IMAGE is not set, and what needs a store that speaks S3 is skipped: sh test/live/seaweedfs.sh');

const ID = 'key';
const SECRET = 's3cret';
export const BUCKET = 'backups';
/** The keys of access, as a Secret has them. */
export const ACCESS = { 'access-key-id': ID, 'secret-access-key': SECRET };

/** A store of S3 in a namespace of its own. */
export class Store {
  private constructor(private readonly namespace: string) {}

  /** With so much room, in MiB. */
  public static async start(name: string, room?: number): Promise<Store> {
    const namespace = `live-${name}`;
    const store = new Store(namespace);
    await store.destroy();
    await apply(objects(namespace, room));
    await kubectl(['-n', namespace, 'wait', '--for=condition=Ready', 'pod/store', '--timeout=60s']);
    await until(60, 'the store has a bucket', async () => {
      const said = await store.shell(`s3.bucket.create -name ${BUCKET}`);
      return said.includes('created bucket') || said.includes('exist') ? true : undefined;
    });
    return store;
  }

  public get endpoint(): string {
    return `http://store.${this.namespace}.svc.cluster.local:8333`;
  }

  /** Names of what is in a folder of the bucket. */
  public async list(folder: string): Promise<string[]> {
    const said = await this.shell(`fs.ls /buckets/${BUCKET}/${folder}`);
    return said.split('\n').filter((line) => /^(latest|\d{8}T)/.test(line));
  }

  public async read(path: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(this.address(path))).arrayBuffer());
  }

  /** Turns one bit of an object, as a disk does. */
  public async spoil(path: string): Promise<void> {
    const content = await this.read(path);
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 1;
    const body = new FormData();
    body.append('file', new Blob([new Uint8Array(content)]));
    const { ok, statusText } = await fetch(this.address(path), { method: 'POST', body });
    if (!ok) throw new Error(statusText);
  }

  public async destroy(): Promise<void> {
    await kubectl(['delete', 'namespace', this.namespace, '--ignore-not-found', '--wait=true']);
  }

  private address(path: string): string {
    return `http://store.${this.namespace}.svc.cluster.local:8888/buckets/${BUCKET}/${path}`;
  }

  private async shell(command: string): Promise<string> {
    const weed = ['exec', '--stdin', 'store', '--', '/bin/weed', 'shell', '-master=127.0.0.1:9333'];
    const { stdout, stderr } = await kubectl(['-n', this.namespace, ...weed], `${command}\n`);
    return `${stdout}\n${stderr}`;
  }
}

function objects(namespace: string, room: number | undefined): object[] {
  const identity = {
    name: 'backup',
    credentials: [{ accessKey: ID, secretKey: SECRET }],
    actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
  };
  const metadata = { name: 'store', namespace, labels: { app: 'store' } };
  const server = ['/bin/weed', 'server', '-dir=/data', '-ip=127.0.0.1', '-ip.bind=0.0.0.0', '-volume.max=20'];
  const s3 = ['-s3', '-s3.port=8333', '-s3.config=/etc/s3/s3.json', '-volume.minFreeSpace=0'];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 's3.json': JSON.stringify({ identities: [identity] }) },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'store' }, ports: [8333, 8888].map((port) => ({ name: `p${port}`, port })) },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'store',
            image: storeImage,
            command: [...server, '-master.volumeSizeLimitMB=1024', ...s3],
            volumeMounts: [
              { name: 'data', mountPath: '/data' },
              { name: 'tmp', mountPath: '/tmp' },
              { name: 'config', mountPath: '/etc/s3' },
            ],
          },
        ],
        volumes: [
          { name: 'data', emptyDir: room === undefined ? {} : { medium: 'Memory', sizeLimit: `${room}Mi` } },
          { name: 'tmp', emptyDir: {} },
          { name: 'config', configMap: { name: 'store' } },
        ],
      },
    },
  ];
}
