import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from '../core/kplus';

/** Where a node keeps its data, or a sentinel its memory. */
export interface ClaimOptions {
  /**
   * Size of the claim.
   *
   * A claim of a running cluster can grow where its class allows it, and never shrink.
   *
   * @default - nodes: 2 GiB; sentinels: 1 GiB, the least that most providers give
   */
  readonly size?: Size;

  /**
   * Name of the StorageClass. An empty string asks for a volume that exists already.
   *
   * @default - the cluster's default StorageClass
   */
  readonly storageClassName?: string;

  /**
   * How the volume may be mounted.
   *
   * With `READ_WRITE_ONCE_POD` the storage itself refuses a second pod, where its driver can.
   *
   * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
   * @default PersistentVolumeAccessMode.READ_WRITE_ONCE
   */
  readonly accessMode?: PersistentVolumeAccessMode;
}

/** A volume that is gone with its pod. */
export interface EphemeralOptions {
  /**
   * Most that may be written before Kubernetes evicts the pod.
   *
   * @default - nodes: 2 GiB; sentinels: 1 GiB
   */
  readonly sizeLimit?: Size;
}

/** Where a node keeps its data, or a sentinel its memory: a claim of its own, one that exists, or nothing that lasts. */
export class Storage {
  /**
   * A PersistentVolumeClaim named as its Deployment.
   *
   * It is annotated so that neither Argo CD nor Flux ever prunes it: it stays when its node is removed.
   */
  public static claim(options: ClaimOptions = {}): Storage {
    return new Storage('claim', options);
  }

  /**
   * A PersistentVolumeClaim that exists already and that nobody else uses.
   *
   * @param claimName name of the claim, in the cluster's namespace
   */
  public static existingClaim(claimName: string): Storage {
    return new Storage('existing', { claimName });
  }

  /** An `emptyDir`: the data are gone with the pod. Needs {@link Risk.EPHEMERAL_STORAGE}. */
  public static ephemeral(options: EphemeralOptions = {}): Storage {
    return new Storage('ephemeral', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'claim' | 'existing' | 'ephemeral',
    /** @internal */
    public readonly _options: ClaimOptions & EphemeralOptions & { readonly claimName?: string },
  ) {}
}

/** When an append-only file reaches the disk. */
export enum FsyncPolicy {
  /** Before every answer: no acknowledged write is lost by a power failure; costs a disk write for each. */
  ALWAYS = 'always',
  /** Every second: a power failure loses at most two seconds; a killed process only while a slow disk still flushes. */
  EVERY_SECOND = 'everysec',
  /** When the kernel likes, about every 30 seconds. */
  NO = 'no',
}

/** Take a snapshot after so many seconds if at least so many keys have changed. */
export interface SavePoint {
  /** Seconds since the last snapshot, at least 1. */
  readonly seconds: number;
  /** Changed keys, at least 1. */
  readonly changes: number;
}

/** How an append-only file is written. */
export interface AofOptions {
  /**
   * When it reaches the disk.
   *
   * @default FsyncPolicy.EVERY_SECOND
   */
  readonly fsync?: FsyncPolicy;
}

/** When snapshots are taken. */
export interface RdbOptions {
  /**
   * Conditions; one that holds is enough.
   *
   * @default - Redis' own: after 3600 s with 1 change, 300 s with 100, 60 s with 10000
   */
  readonly savePoints?: SavePoint[];
}

/** Options of an append-only file with snapshots beside it. */
export interface AofAndRdbOptions extends AofOptions, RdbOptions {}

/**
 * What a node writes to its volume. A change is carried over: data in the old form are loaded once more, then written in
 * the new one.
 */
export class Persistence {
  /** An append-only file with a snapshot as its head: every write, in order. */
  public static aof(options: AofOptions = {}): Persistence {
    return new Persistence('aof', options);
  }

  /** Snapshots: cheap, and a crash loses what came after the last one. A planned stop takes one. */
  public static rdb(options: RdbOptions = {}): Persistence {
    return new Persistence('rdb', options);
  }

  /** An append-only file, and snapshots beside it to copy away. */
  public static aofAndRdb(options: AofAndRdbOptions = {}): Persistence {
    return new Persistence('aof-and-rdb', options);
  }

  /** Nothing: a cache that is empty when all its nodes stop together. Needs {@link Risk.NO_PERSISTENCE}. */
  public static none(): Persistence {
    return new Persistence('nothing', {});
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'aof' | 'rdb' | 'aof-and-rdb' | 'nothing',
    /** @internal */
    public readonly _options: AofAndRdbOptions,
  ) {}
}
