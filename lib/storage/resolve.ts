import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from '../core/kplus';
import * as defaults from '../defaults';
import { FsyncPolicy, Persistence, SavePoint, Storage } from './props';

/** Where one member keeps its data or its memory. */
export interface ResolvedStorage {
  readonly kind: Storage['_kind'];
  readonly claimName: string;
  readonly size: Size;
  readonly storageClassName: string | undefined;
  readonly accessMode: PersistentVolumeAccessMode;
}

/** What the nodes write there. */
export interface ResolvedPersistence {
  readonly aof: boolean;
  /** When the append-only file reaches the disk; undefined without one. */
  readonly fsync: FsyncPolicy | undefined;
  readonly savePoints: SavePoint[];
  /** Nothing at all. */
  readonly none: boolean;
}

/** A claim has the name of its member, and the size that the member's kind needs. */
export function resolveStorage(
  name: string,
  defaultSize: Size,
  { _kind: kind, _options: options }: Storage,
): ResolvedStorage {
  return {
    kind,
    claimName: options.claimName ?? name,
    size: options.size ?? options.sizeLimit ?? defaultSize,
    storageClassName: options.storageClassName,
    accessMode: options.accessMode ?? defaults.ACCESS_MODE,
  };
}

export function resolvePersistence(props: { readonly persistence?: Persistence }): {
  readonly persistence: ResolvedPersistence;
} {
  const { _kind: kind, _options: options } = props.persistence ?? defaults.PERSISTENCE;
  const aof = kind === 'aof' || kind === 'aof-and-rdb';
  const rdb = kind === 'rdb' || kind === 'aof-and-rdb';
  const savePoints = rdb ? (options.savePoints ?? defaults.SAVE_POINTS) : [];
  const fsync = aof ? (options.fsync ?? defaults.FSYNC) : undefined;
  return { persistence: { aof, fsync, savePoints, none: !aof && savePoints.length === 0 } };
}
