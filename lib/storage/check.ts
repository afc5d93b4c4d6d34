import { integer, list, made, oneOf, struct, text } from '../core/checks';
import { PersistentVolumeAccessMode } from '../core/kplus';
import { objectName, size } from '../core/values';
import {
  AofAndRdbOptions,
  AofOptions,
  ClaimOptions,
  EphemeralOptions,
  FsyncPolicy,
  RdbOptions,
  SavePoint,
} from './props';

export const storage = made(
  {
    claim: struct<ClaimOptions>({ size, storageClassName: text, accessMode: oneOf(PersistentVolumeAccessMode) }),
    existing: struct({ claimName: objectName }),
    ephemeral: struct<EphemeralOptions>({ sizeLimit: size }),
  },
  'a Storage',
  'write Storage.claim({ … })',
);

const count = integer(1, Number.MAX_SAFE_INTEGER);
const fsync = oneOf(FsyncPolicy);
const savePoints = list(struct<SavePoint>({ seconds: count, changes: count }));

export const STORAGE_CHECKS = {
  persistence: made(
    {
      aof: struct<AofOptions>({ fsync }),
      rdb: struct<RdbOptions>({ savePoints }),
      'aof-and-rdb': struct<AofAndRdbOptions>({ fsync, savePoints }),
      nothing: struct({}),
    },
    'a Persistence',
    'write Persistence.aof()',
  ),
};
