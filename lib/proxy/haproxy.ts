import { Duration } from 'cdk8s';
import { ResolvedTls } from '../tls/resolve';
import { SENTINEL_LOGIN, NODE_LOGIN } from './logins';
import { WhenSentinelsAreAway } from './props';

/** A server as HAProxy knows it: a label, and the host by which the others know it. */
export interface Known {
  readonly name: string;
  readonly announced: string;
}

/** What the configuration is made from. */
export interface Proxied extends ResolvedTls {
  readonly nodes: readonly Known[];
  readonly sentinels: readonly Known[];
  readonly masterName: string;
  readonly redisPort: number;
  readonly sentinelPort: number;
  /** How many sentinels are a majority. */
  readonly majority: number;
  readonly port: number;
  readonly healthPort: number;
  readonly metrics: boolean;
  readonly checkInterval: Duration;
  readonly whenSentinelsAreAway: WhenSentinelsAreAway;
  readonly maxConnections: number;
  readonly reads: { readonly port: number; readonly maxLag: Duration; readonly fallBackToMaster: boolean } | undefined;
}

/** Where the checks ask what the sentinels say of a node. Nobody but this process reaches it. */
export const VERDICT_PORT = 7800;

/** Milliseconds that a sentinel, and a node, may take to answer, in intervals. */
const SENTINEL_ANSWERS = 4;
export const NODE_ANSWERS = 8;

/**
 * How long after its last answer a node that is frozen has lost its clients, in intervals: until the next look, that look, a
 * pause of half an interval and a second look.
 */
export const LONGEST_CUT = 1 + NODE_ANSWERS + 0.5 + NODE_ANSWERS;

/**
 * The configuration, which decides alone: a node gets writes while it says that it is master and a majority of the sentinels
 * names it. Both are asked in one check, so that the loss of either ends its sessions.
 *
 * Each sentinel is asked once for each node. What it says is whether a server of the backend `says-<node>` is up, and the
 * verdict is how many of those are.
 *
 * @see https://docs.haproxy.org/3.2/configuration.html
 */
export function haproxyConfig(proxied: Proxied): string {
  const { nodes, reads } = proxied;
  const sections = [
    general(proxied),
    clients(proxied),
    health(proxied),
    verdict(proxied),
    writeBackend(proxied),
    ...(reads === undefined ? [] : [readBackend(proxied, reads.maxLag)]),
    ...nodes.map((node) => saysBackend(proxied, node)),
  ];
  return sections.join('\n\n') + '\n';
}

export function section(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join('\n');
}

const frontend = (name: string, lines: readonly string[]): string => section(`frontend ${name}`, lines);

/** All addresses of the pod, of the families that it has: the start script knows. */
const bind = (port: number): string[] => [`bind "\${ANY_ADDRESS}:${port}" v4v6`];

/** Checks that ask for a verdict, probes and Prometheus: those must have an answer when no further client has. */
const OWN_CONNECTIONS = 100;

function general({ maxConnections }: Proxied): string {
  return [
    section('global', [
      `maxconn ${maxConnections + OWN_CONNECTIONS}`,
      // One is busy with as much as a server's one thread answers; the other is for checks meanwhile.
      'nbthread 2',
      // Who leaves, or is replaced, checks nobody any more: what it still has open must not last.
      `hard-stop-after ${HARD_STOP.toSeconds()}s`,
    ]),
    section('defaults', [
      'mode tcp',
      'timeout connect 1s',
      // A client may say nothing for as long as it likes; whether it is there is asked below.
      'timeout client 24d',
      'timeout server 24d',
      'option clitcpka',
      'option srvtcpka',
      ...['cli', 'srv'].flatMap((side) => [`${side}tcpka-idle 30s`, `${side}tcpka-intvl 5s`, `${side}tcpka-cnt 3`]),
    ]),
  ].join('\n\n');
}

/** How long after it has found a replica a proxy has found the master, if there is one, in intervals: its checks ask twice. */
export const LONGEST_SEARCH = 4;

/** Longest life of a session after its process was told to go. */
export const HARD_STOP = Duration.seconds(2);

function clients({ port, reads, maxConnections }: Proxied): string {
  return frontend('clients', [
    `maxconn ${maxConnections}`,
    ...bind(port),
    ...(reads === undefined ? [] : readsRules(reads)),
    'default_backend write',
  ]);
}

function readsRules({ port, fallBackToMaster }: NonNullable<Proxied['reads']>): string[] {
  const fallBack = fallBackToMaster ? ' { nbsrv(read) gt 0 }' : '';
  return [...bind(port), `use_backend read if { dst_port ${port} }${fallBack}`];
}

const HTTP = ['mode http', 'timeout client 5s', 'timeout http-request 5s'];

function health({ healthPort, metrics, reads }: Proxied): string {
  return frontend('health', [
    ...HTTP,
    ...bind(healthPort),
    ...(metrics ? ['http-request use-service prometheus-exporter if { path /metrics }'] : []),
    'http-request return status 200 if { path /alive }',
    'http-request return status 200 if { path /ready } { nbsrv(write) eq 1 }',
    // Replicas are read whether the sentinels are there or not.
    ...(reads === undefined ? [] : ['http-request return status 200 if { path /ready } { nbsrv(read) gt 0 }']),
    'http-request return status 503',
  ]);
}

function verdict({ nodes, majority, whenSentinelsAreAway }: Proxied): string {
  const named = (node: Known): string => `{ nbsrv(${says(node)}) ge ${majority} }`;
  const rules =
    whenSentinelsAreAway === WhenSentinelsAreAway.REFUSE
      ? nodes.map((node) => `http-request return status 200 if { path /${node.name} } ${named(node)}`)
      : [
          // Nobody is refused but whose place a majority gives to another.
          ...nodes.flatMap((node) =>
            nodes
              .filter((other) => other !== node)
              .map((other) => `http-request return status 503 if { path /${node.name} } ${named(other)}`),
          ),
          'http-request return status 200',
        ];
  return frontend('verdict', [...HTTP, `bind 127.0.0.1:${VERDICT_PORT}`, ...rules, 'http-request return status 503']);
}

const says = ({ name }: Known): string => `says-${name}`;

/** Who is down is asked as often as the others, or `sooner`. */
function checked(interval: Duration, answers: number, sooner = false): string[] {
  const milliseconds = interval.toMilliseconds();
  const soon = Math.floor(milliseconds / 2);
  const down = sooner ? soon : milliseconds;
  return [
    'option tcp-check',
    `timeout check ${answers * milliseconds}ms`,
    // Twice, for one packet that is lost is no loss of a server; and nobody has an answer before he was asked.
    `default-server inter ${milliseconds}ms fastinter ${soon}ms downinter ${down}ms fall 2 rise 1 init-state down init-addr libc,none`,
  ];
}

/** Where the checks of a member go that speaks TLS. */
export const tunnelTo = ({ name }: Known): string => `unix@\${RUN_DIR}/${name}.sock`;

/** Clients' own TLS goes to the server itself; the checks, which are in clear here, go to where it is put around them. */
const servers = (all: readonly Known[], port: number, { tls }: ResolvedTls): string[] =>
  all.map((one) => {
    const asked = tls === undefined ? '' : ` addr "${tunnelTo(one)}"`;
    return `server ${one.name} "${hostOf(one.announced)}:${port}" check${asked}`;
  });

/** A Service is known by its name in the namespace that the pod is in; what has a dot is complete. */
export const hostOf = (announced: string): string =>
  announced.includes('.') ? announced : `${announced}.\${POD_NAMESPACE}.svc`;

const CUT = 'default-server on-marked-down shutdown-sessions';

/**
 * Bytes after which an answer that does not match is another answer, and not the beginning of this one. Otherwise a check would wait
 * for more until its time is over.
 */
const SHORTEST = { http: 12, role: 40, master: '*2\r\n$1\r\na\r\n$4\r\n6379\r\n'.length };

function writeBackend(proxied: Proxied): string {
  const { nodes, redisPort, checkInterval } = proxied;
  return section('backend write', [
    // Where two are, as may be without the sentinels, every proxy takes the same.
    'balance first',
    // Of a node that is not the master's successor the check ends in this process, and costs nobody else anything.
    ...checked(checkInterval, NODE_ANSWERS, true),
    CUT,
    `tcp-check connect addr 127.0.0.1 port ${VERDICT_PORT}`,
    String.raw`tcp-check send-lf "GET /%[srv_name] HTTP/1.0\r\n\r\n"`,
    String.raw`tcp-check expect min-recv ${SHORTEST.http} rstring "^HTTP/1\.[01] 200"`,
    'tcp-check connect',
    ...asksRole(String.raw`role:master\r\n`),
    ...servers(nodes, redisPort, proxied),
  ]);
}

function readBackend(proxied: Proxied, maxLag: Duration): string {
  const { nodes, redisPort, checkInterval } = proxied;
  const seconds = Array.from({ length: maxLag.toSeconds() + 1 }, (_, second) => second).join('|');
  return section('backend read', [
    'balance leastconn',
    ...checked(checkInterval, NODE_ANSWERS),
    CUT,
    'tcp-check connect',
    ...asksRole(
      [
        'role:slave',
        '(.*',
        ')*master_link_status:up',
        `master_last_io_seconds_ago:(${seconds})`,
        'master_sync_in_progress:0',
        '',
      ].join(String.raw`\r\n`),
    ),
    ...servers(nodes, redisPort, proxied),
  ]);
}

/** The login is part of what is sent, so that nobody asks without. */
function asksRole(role: string): string[] {
  return [
    `tcp-check send-binary "\${${NODE_LOGIN}}"`,
    String.raw`tcp-check send "INFO replication\r\n"`,
    String.raw`tcp-check expect min-recv ${SHORTEST.role} rstring "^\+OK\r\n\\\$[0-9]+\r\n# Replication\r\n${role}"`,
  ];
}

function saysBackend(proxied: Proxied, node: Known): string {
  const { sentinels, sentinelPort, redisPort, masterName, checkInterval } = proxied;
  const port = String(redisPort);
  const host = hostOf(node.announced).replaceAll('.', String.raw`\.`);
  return section(`backend ${says(node)}`, [
    ...checked(checkInterval, SENTINEL_ANSWERS),
    'tcp-check connect',
    `tcp-check send-binary "\${${SENTINEL_LOGIN}}"`,
    String.raw`tcp-check send "SENTINEL GET-MASTER-ADDR-BY-NAME ${masterName}\r\n"`,
    String.raw`tcp-check expect min-recv ${'+OK\r\n'.length + SHORTEST.master} rstring "^\+OK\r\n\*2\r\n\\\$[0-9]+\r\n${host}\r\n\\\$${port.length}\r\n${port}\r\n"`,
    ...servers(sentinels, sentinelPort, proxied),
  ]);
}
