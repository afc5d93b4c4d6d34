import type { LiveCluster } from './live-cluster';

/** A TCP socket, as its own pod sees it. */
export interface Socket {
  readonly local: End;
  /** Port 0 where it listens. */
  readonly remote: End;
}

interface End {
  /** Whether nobody outside of the pod can be there. */
  readonly loopback: boolean;
  readonly port: number;
}

/** All of a member's pod. The images have neither `ss` nor `netstat`, and the kernel has it as a file. */
export async function socketsOf(cluster: LiveCluster, member: string): Promise<Socket[]> {
  const files = ['/proc/net/tcp', '/proc/net/tcp6'];
  const container = cluster.containerOf(member);
  const text = await cluster.kubectl('exec', `deployment/${member}`, '--container', container, '--', 'cat', ...files);
  return [...text.matchAll(/^ *\d+: (\w+):(\w{4}) (\w+):(\w{4}) /gm)].map(
    ([, local = '', localPort = '', remote = '', remotePort = '']) => ({
      local: end(local, localPort),
      remote: end(remote, remotePort),
    }),
  );
}

/** 127.0.0.0/8, written as a number of this machine; the same within IPv6; and ::1. */
const LOOPBACK = /^(0{16}FFFF0000)?[0-9A-F]{6}7F$|^0{24}01000000$/;

function end(address: string, port: string): End {
  return { loopback: LOOPBACK.test(address), port: parseInt(port, 16) };
}
