import { naming } from '../identity/naming';
import { Alert, Known, NO_PEAK } from './alert';
import { AlertName } from './alert-props';

/**
 * By what cert-manager says of its Certificate, and x509-certificate-exporter of Secrets and ConfigMaps: by whichever is there, for
 * the members themselves tell nobody.
 *
 * @see https://cert-manager.io/docs/devops-tips/prometheus-metrics/
 * @see https://github.com/enix/x509-certificate-exporter/blob/main/docs/metrics.md
 */
export function certificateAlerts({ cluster: { name, tls }, namespace, at, outage, patience }: Known): Alert[] {
  if (tls === undefined) return [];
  const { secretName, certificateKey, ca, certificate } = tls;
  // Where Prometheus does not honour the labels of what it scrapes, `namespace` is that of cert-manager.
  const ofCertificate = (metric: string, further = ''): string =>
    [`exported_namespace="${namespace}"`, `exported_namespace="",namespace="${namespace}"`]
      .map((place) => `${metric}{${place},name="${naming.tlsSecret(name)}"${further}}`)
      .join(' or ');
  const of = (kind: 'secret' | 'configmap', object: string, key: string): string =>
    `x509_cert_not_after{${kind}_namespace="${namespace}",${kind}_name="${object}",${kind}_key="${key}"}`;
  const ends = [
    // Nought until there is one.
    ...(certificate === undefined
      ? []
      : [`(${ofCertificate('certmanager_certificate_expiration_timestamp_seconds')}) > 0`]),
    of('secret', secretName, certificateKey),
    // Of two CAs the older one may go.
    `max(${of(ca.kind === 'secret' ? 'secret' : 'configmap', ca.name, ca.key)})`,
  ];
  const left = `min(${ends.join(' or ')}) - time()`;
  return [
    {
      name: AlertName.CERTIFICATE_EXPIRED,
      severity: 'critical',
      expr: `${left} <= 0`,
      lasts: outage,
      summary: 'The certificate has expired, or its CA: nobody connects anew.',
      description:
        'Connections that are open stay. Clients and members that lose theirs are refused, or refuse the certificate.',
    },
    {
      name: AlertName.CERTIFICATE_EXPIRES,
      severity: 'warning',
      expr: `${left} < ${at.certificateExpiresIn.toSeconds()}`,
      lasts: NO_PEAK,
      summary: 'The certificate, or its CA, expires in {{ $value | humanizeDuration }}.',
      description: 'Nobody has put another one in its place so far. After that nobody connects anew.',
    },
    ...(certificate === undefined
      ? []
      : [
          {
            name: AlertName.CERTIFICATE_NOT_READY,
            severity: 'warning' as const,
            expr: `max(${ofCertificate('certmanager_certificate_ready_status', ',condition="False"')}) == 1`,
            lasts: patience,
            summary: 'cert-manager can not issue the certificate as the manifest wants it.',
            description:
              'There is none, it has expired, or names of members, proxies or an issuer that are new are not in it.',
          },
        ]),
  ];
}
