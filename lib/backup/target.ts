import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import * as defaults from '../defaults';
import { tcp } from '../network-policy/parts';
import { BackupImageOptions } from './props';
import { BackupEncryption, BackupTarget } from './target-props';
import { imageName } from '../image/resolve';
import { ImagePullPolicy } from '../core/kplus';

/** Where a claim of backups is mounted. */
const BACKUPS_PATH = '/backups';

/** What a container that runs rclone has, so that it reaches a target. */
export interface RcloneParts {
  readonly env: k8s.EnvVar[];
  readonly envFrom: k8s.EnvFromSource[];
  readonly volumeMounts: k8s.VolumeMount[];
  readonly volumes: k8s.Volume[];
}

export interface ResolvedRcloneImage {
  readonly image: string;
  readonly pullPolicy: ImagePullPolicy;
}

export function resolveRcloneImage(options: BackupImageOptions = {}): ResolvedRcloneImage {
  const { repository, tag, digest, pullPolicy } = options;
  const known = defaults.RCLONE_IMAGE;
  return {
    image: imageName(repository ?? known.repository, tag ?? (digest === undefined ? known.tag : undefined), digest),
    pullPolicy: pullPolicy ?? defaults.PULL_POLICY,
  };
}

const secret = (name: string, secretName: string, key: string): k8s.EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secretName, key } },
});
/** As rclone reads it without a file. */
const setting = (name: string): string => `RCLONE_CONFIG_TARGET_${name}`;

/** All of it as variables: rclone's own file is never written. The namespace is put together by Kubernetes. */
export function rcloneParts(
  cluster: string,
  { _kind: kind, _options: options }: BackupTarget,
  encryption: BackupEncryption | undefined,
): RcloneParts {
  const folder = options.prefix ?? options.path ?? `$(POD_NAMESPACE)/${cluster}`;
  const path = (before: string): k8s.EnvVar => ({ name: 'TARGET_PATH', value: `${before}${folder}` });
  const passphrase =
    encryption === undefined
      ? []
      : [secret('ENCRYPTION_PASSPHRASE', encryption.secretName, encryption.key ?? defaults.PASSPHRASE_KEY)];
  const none = { envFrom: [], volumeMounts: [], volumes: [] };
  if (kind === 'rclone')
    return {
      ...none,
      env: [path(''), ...passphrase],
      envFrom: [{ prefix: setting(''), secretRef: { name: options.secretName ?? '' } }],
    };
  if (kind === 'claim')
    return {
      ...none,
      env: [literal(setting('TYPE'), 'local'), path(`${BACKUPS_PATH}/`), ...passphrase],
      volumeMounts: [{ name: 'backups', mountPath: BACKUPS_PATH }],
      volumes: [{ name: 'backups', persistentVolumeClaim: { claimName: options.claimName ?? '' } }],
    };
  const { bucket = '', endpoint, region, provider, secretName, pathStyle, serverSideEncryption } = options;
  const access: k8s.EnvVar[] =
    secretName === undefined
      ? [literal(setting('ENV_AUTH'), 'true')]
      : [
          secret(setting('ACCESS_KEY_ID'), secretName, options.accessKeyIdKey ?? defaults.ACCESS_KEY_ID_KEY),
          secret(
            setting('SECRET_ACCESS_KEY'),
            secretName,
            options.secretAccessKeyKey ?? defaults.SECRET_ACCESS_KEY_KEY,
          ),
        ];
  return {
    ...none,
    env: [
      literal(setting('TYPE'), 's3'),
      literal(setting('PROVIDER'), provider ?? (endpoint === undefined ? 'AWS' : 'Other')),
      ...(endpoint === undefined ? [] : [literal(setting('ENDPOINT'), endpoint)]),
      literal(setting('REGION'), region ?? defaults.S3_REGION),
      literal(setting('FORCE_PATH_STYLE'), String(pathStyle ?? endpoint !== undefined)),
      // A bucket is not asked for: who may write into it may often do no more.
      literal(setting('NO_CHECK_BUCKET'), 'true'),
      ...(serverSideEncryption === undefined ? [] : [literal(setting('SERVER_SIDE_ENCRYPTION'), serverSideEncryption)]),
      ...access,
      path(`${bucket}/`),
      ...passphrase,
    ],
  };
}

/** Which port a target is reached at; none where that is a claim. */
export function targetPorts({ _kind: kind, _options: { endpoint, port } }: BackupTarget): k8s.NetworkPolicyPort[] {
  if (kind === 'claim') return [];
  if (kind === 'rclone') return [tcp(port ?? 443)];
  const [, plain, own] = /^http(s?):\/\/[^:/]+(?::(\d+))?/.exec(endpoint ?? 'https://aws') ?? [];
  return [tcp(Number(own ?? (plain === '' ? 80 : 443)))];
}
