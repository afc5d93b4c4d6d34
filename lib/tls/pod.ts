import { TLS_PATH } from '../config-maps/paths';
import { variableOf } from '../config-maps/variables';
import { k8s } from '../core/kplus';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { secretMode } from '../security/pod';
import { ResolvedSecurity } from '../security/resolve';
import { ResolvedCa, ResolvedTls } from './resolve';

/** What the scripts call them. */
export const CERTIFICATE_FILE = 'tls.crt';
export const PRIVATE_KEY_FILE = 'tls.key';
export const CA_FILE = 'ca.crt';

type Cluster = ResolvedTls & ResolvedSecurity;

/** What all containers know: who is let in, and what is spoken. */
export function tlsVariables({ tls }: ResolvedTls): Record<string, string> {
  if (tls === undefined) return {};
  const { protocols, ciphers, cipherSuites } = tls.options;
  return {
    TLS_DIR: TLS_PATH,
    TLS_CLIENTS: tls.clientCertificates,
    ...(protocols !== undefined && { [variableOf('tls-protocols')]: `"${[...protocols].sort().join(' ')}"` }),
    ...(ciphers !== undefined && { [variableOf('tls-ciphers')]: ciphers }),
    ...(cipherSuites !== undefined && { [variableOf('tls-ciphersuites')]: cipherSuites }),
  };
}

/** Certificate, key and CA in one volume, so that they change at once; and never by `subPath`, for such a file stays as it is. */
export function tlsVolumes(cluster: Cluster): k8s.Volume[] {
  const { tls } = cluster;
  if (tls === undefined) return [];
  const { secretName: name, certificateKey, privateKeyKey } = tls;
  const pair = [
    { key: certificateKey, path: CERTIFICATE_FILE },
    { key: privateKeyKey, path: PRIVATE_KEY_FILE },
  ];
  const sources = [{ secret: { name, items: pair } }, caSource(tls.ca)];
  return [{ name: 'tls', projected: { defaultMode: secretMode(cluster), sources } }];
}

export function caSource({ kind, name, key }: ResolvedCa): k8s.VolumeProjection {
  const source = { name, items: [{ key, path: CA_FILE }] };
  return kind === 'secret' ? { secret: source } : { configMap: source };
}

export function tlsMounts({ tls }: ResolvedTls): k8s.VolumeMount[] {
  return tls === undefined ? [] : [{ name: 'tls', mountPath: TLS_PATH, readOnly: true }];
}

/** Its keeper tries what Kubernetes brings; the server has copies in memory of what was good. */
export function tlsPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (cluster.tls === undefined || !isScripted(member)) return {};
  const volumeMounts = tlsMounts(cluster);
  return {
    initContainers: [{ name: 'names', volumeMounts }],
    containers: [{ name: 'keeper', volumeMounts }],
    volumes: tlsVolumes(cluster),
  };
}
