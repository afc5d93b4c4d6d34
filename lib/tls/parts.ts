import { isIP } from 'node:net';
import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CustomObjectProps } from '../core/custom-object';
import { CERT_MANAGER } from '../defaults';
import { objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { ResolvedTls } from './resolve';

/** The certificate of a cluster, as cert-manager has it. */
export interface CertificatesProps {
  /** The Certificate. @default - none */
  readonly certificate?: CustomObjectProps;
}

/** The certificate that cert-manager makes for a cluster, where it is asked to. */
export class Certificates extends Construct {
  /** The Certificate; undefined where the Secret comes from elsewhere, or all is in clear. */
  public readonly certificate: ApiObject | undefined;

  public constructor(scope: Construct, id: string, props: CertificatesProps) {
    super(scope, id);
    this.certificate = props.certificate && new ApiObject(this, 'certificate', props.certificate);
  }
}

/** Clients are led to a node by Services that are not its own. */
interface Proxied {
  readonly proxy: { readonly name: string; readonly reads: { readonly name: string } | undefined } | undefined;
}

type Cluster = ResolvedIdentity & ResolvedTls & Proxied & { readonly members: readonly ResolvedMember[] };

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate */
export function certificatesProps(cluster: Cluster): CertificatesProps {
  const { tls, name } = cluster;
  if (tls?.certificate === undefined) return {};
  const { issuer, duration, renewBefore, privateKey } = tls.certificate;
  const { dnsNames, ipAddresses } = namesIn(cluster);
  return {
    certificate: {
      apiVersion: `${CERT_MANAGER}/v1`,
      kind: 'Certificate',
      metadata: objectMetadata(cluster, naming.tlsSecret(name)),
      spec: {
        secretName: tls.secretName,
        issuerRef: issuer,
        duration: goDuration(duration),
        renewBefore: goDuration(renewBefore),
        // A key that was stolen is of no use after the next renewal.
        privateKey: { ...privateKey, rotationPolicy: 'Always' },
        // A member is a client of the others.
        usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
        dnsNames,
        ...(ipAddresses.length > 0 && { ipAddresses }),
      },
    },
  };
}

/** As Go writes it: whoever reads it and writes it back changes nothing. */
function goDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
}

/** Every name by which a member is called: from its own pod too, and by clients that reach it through a proxy. */
function namesIn({ tls, namespace = '', members, proxy }: Cluster): { dnsNames: string[]; ipAddresses: string[] } {
  const { extraDnsNames = [], clusterDomain = '' } = tls?.certificate ?? {};
  const proxies = [proxy, proxy?.reads].flatMap((one) => one?.name ?? []);
  const services = [...members.map(({ name }) => name), ...proxies].flatMap((name) => [
    name,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.${clusterDomain}`,
  ]);
  const own = members.flatMap(({ announceHost }) => announceHost ?? []);
  const hosts = own.filter((host) => isIP(host) === 0);
  return {
    dnsNames: [...new Set([...services, ...hosts, 'localhost', ...extraDnsNames])],
    ipAddresses: [...new Set(own.filter((host) => isIP(host) !== 0))],
  };
}
