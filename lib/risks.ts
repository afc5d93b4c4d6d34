import { Problem } from './core/problems';
import { Finding } from './core/rule';

/**
 * A danger that a cluster may take on, but only by name: `acceptRisks: [Risk.SINGLE_SENTINEL]`.
 *
 * Without the name the program stops with an error that says which one it is. A name that is accepted and not needed is
 * an error too, so that the list in the code is the list of dangers.
 */
export enum Risk {
  /** One sentinel: when its machine goes, nobody promotes a replica. */
  SINGLE_SENTINEL = 'SINGLE_SENTINEL',
  /** An even number of sentinels: one more than the odd number below it, and it survives no more losses. */
  EVEN_SENTINELS = 'EVEN_SENTINELS',
  /** Fewer sentinels than a majority agree that the master is down: a sentinel that is cut off starts failovers in vain. */
  LOW_QUORUM = 'LOW_QUORUM',
  /** No replica: the data are away for as long as the only node is. */
  NO_REPLICA = 'NO_REPLICA',
  /** The memory limit leaves no room for a fork and the replicas' buffers: the kernel kills Redis at the next full sync. */
  MEMORY_WITHOUT_HEADROOM = 'MEMORY_WITHOUT_HEADROOM',
  /** The claim can be smaller than what persistence writes: Redis stops taking writes when it is full. */
  SMALL_CLAIM = 'SMALL_CLAIM',
  /** Nothing on disk: when all nodes stop together, all data are gone. */
  NO_PERSISTENCE = 'NO_PERSISTENCE',
  /** Data or a sentinel's memory on an `emptyDir`: gone with the pod. */
  EPHEMERAL_STORAGE = 'EPHEMERAL_STORAGE',
  /** No password: whoever reaches the port owns the data. */
  NO_AUTH = 'NO_AUTH',
  /** A password in clear in the manifest, and so in Git. */
  PLAIN_TEXT_PASSWORD = 'PLAIN_TEXT_PASSWORD',
  /** A failover for every short freeze of the master: `downAfter` is below 3 seconds. */
  HASTY_FAILOVER = 'HASTY_FAILOVER',
  /** Host network without a required spread: two nodes on one machine want one port, and the second never starts. */
  HOST_NETWORK_WITHOUT_SPREAD = 'HOST_NETWORK_WITHOUT_SPREAD',
  /** A tag that moves (`latest`, `8`, `8.2`): two pods of one Deployment may run different servers. */
  MOVING_TAG = 'MOVING_TAG',
  /** An official image with security holes that are known, or of a line that gets no fixes any more. */
  OUTDATED_IMAGE = 'OUTDATED_IMAGE',
  /** One proxy: clients have no address while its pod or its machine is away. */
  SINGLE_PROXY = 'SINGLE_PROXY',
  /** A way in from outside for everybody who reaches the address: whoever does may try passwords. */
  OPEN_TO_ALL = 'OPEN_TO_ALL',
  /** TLS in an official image with a hole in it that is known: whoever reaches the port may run what he likes. */
  VULNERABLE_TLS = 'VULNERABLE_TLS',
  /**
   * An image that configures itself ({@link EnvContract.SELF_CONFIGURED}): no start rule, no keeper, no probes. A master
   * that restarts empty empties its replicas, and one that comes back late is a second master.
   */
  SELF_CONFIGURED_IMAGE = 'SELF_CONFIGURED_IMAGE',
}

/** A finding that can be accepted says so itself. */
export function risky(risk: Risk, problem: Problem): Finding {
  return { ...problem, remedy: `${problem.remedy}, or accept it: acceptRisks: [Risk.${risk}]`, risk };
}
