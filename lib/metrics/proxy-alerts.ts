import { Alert, Known, NO_PEAK } from './alert';
import { AlertName } from './alert-props';
import { POD, masters, number } from './promql';

/** By what HAProxy says of itself: it has numbers of its own, and needs no exporter. */
export function proxyAlerts({ cluster: { proxy }, of, at, outage, patience }: Known): Alert[] {
  if (proxy === undefined) return [];
  const { replicas, maxConnections } = proxy;
  const answering = number(`${of.proxies('up')} == 1`);
  const clients = `sum by (${POD}) (${of.proxies('haproxy_frontend_current_sessions', 'proxy="clients"')})`;
  return [
    {
      name: AlertName.PROXIES_WITHOUT_MASTER,
      severity: 'critical',
      expr: `max(${of.proxies('haproxy_backend_active_servers', 'proxy="write"')}) == 0 and on () count(${masters(of)}) > 0`,
      lasts: outage,
      summary: 'No proxy leads to the master, and there is one.',
      description: 'Its clients can not write: no proxy reaches it, or no majority of the sentinels names it to them.',
    },
    {
      name: AlertName.PROXIES_DOWN,
      severity: 'critical',
      // Where nothing answers, nothing is known of them either.
      expr: `${answering} == 0 and on () count(${of.all('up')} == 1) > 0`,
      lasts: outage,
      summary: 'No proxy answers: their clients have no address.',
      description: `The manifest has ${replicas}. All their pods are gone, or Prometheus no longer reaches them.`,
    },
    ...(replicas === 1
      ? []
      : [
          {
            name: AlertName.PROXY_DOWN,
            severity: 'warning' as const,
            expr: `${answering} < ${replicas}`,
            lasts: patience,
            summary: `{{ $value }} of ${replicas} proxies answer.`,
            description: 'Clients use those that are left. After the last of them nobody has an address.',
          },
        ]),
    {
      name: AlertName.PROXY_CLIENTS_HIGH,
      severity: 'warning',
      expr: `100 * ${clients} / ${maxConnections} > ${at.clientsPercent}`,
      lasts: NO_PEAK,
      summary: `The proxy {{ $labels.${POD} }} has {{ $value | printf "%.0f" }} % of the clients that it may have.`,
      description: `More than ${maxConnections} wait until others go.`,
    },
  ];
}
