import { describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, shells } from '../support/shell';

/** A file and how many seconds after the others it was written; its content is its name. */
type Files = Record<string, number>;

interface Case {
  readonly what: string;
  readonly files: Files;
  readonly form: string | RegExp;
}

const AOF = 'appendonlydir/appendonly.aof';
const WHOLE: Files = { [`${AOF}.manifest`]: 0, [`${AOF}.1.base.rdb`]: 0, [`${AOF}.1.incr.aof`]: 0 };

/** On a volume that this library has never started a server on. */
const OTHER_ORIGIN: Case[] = [
  { what: 'nothing', files: {}, form: 'nothing' },
  { what: 'an empty file system', files: { 'lost+found/x.rdb': 0 }, form: 'nothing' },
  { what: 'a snapshot', files: { 'dump.rdb': 0 }, form: 'snapshot' },
  { what: 'an append-only file of Redis 7', files: WHOLE, form: 'append-only' },
  { what: 'an append-only file of Redis 6', files: { 'appendonly.aof': 0 }, form: 'append-only' },
  {
    what: 'an append-only file of Redis 6 that is newer than its snapshot',
    files: { 'dump.rdb': 0, 'appendonly.aof': 1 },
    form: 'append-only',
  },
  {
    what: 'an append-only file of Redis 7 that is newer than its snapshot',
    files: { ...WHOLE, 'dump.rdb': 0, [`${AOF}.1.incr.aof`]: 1 },
    form: 'append-only',
  },
  {
    what: 'an append-only file of Redis 6 and a newer snapshot',
    files: { 'appendonly.aof': 0, 'dump.rdb': 1 },
    form: /^\/.*\/dump\.rdb is newer than \/.*\/appendonly\.aof, and nobody can tell which of them has everything: run in this pod's container keeper: mv .*appendonly\.aof .*aside\.appendonly\.aof; or run .*: mv .*dump\.rdb .*aside\.dump\.rdb$/,
  },
  {
    what: 'an append-only file of Redis 7 and a newer snapshot',
    files: { ...WHOLE, 'dump.rdb': 1 },
    form: /dump\.rdb is newer than .*appendonlydir/,
  },
  {
    what: 'an append-only file that lost its manifest',
    files: { [`${AOF}.1.base.rdb`]: 0, [`${AOF}.1.incr.aof`]: 0 },
    form: /is there without its manifest/,
  },
  {
    what: 'an append-only file that lost its manifest, and a snapshot',
    files: { [`${AOF}.1.base.rdb`]: 0, 'dump.rdb': 1 },
    form: /is there without its manifest/,
  },
  {
    what: 'data in a folder',
    files: { 'redis/data/dump.rdb': 0 },
    form: /redis\/data\/dump\.rdb is not where this server looks, which is \/.*: move it there, or run/,
  },
  {
    what: 'data of another name',
    files: { 'dump-6379.rdb': 0 },
    form: /dump-6379\.rdb is not where this server looks/,
  },
  { what: 'an append-only file of another name', files: { 'redis.aof': 0 }, form: /redis\.aof is not where/ },
  { what: 'a folder of another name', files: { 'aof/appendonly.aof.manifest': 0 }, form: /is not where/ },
  { what: 'what was left half written', files: { 'temp-17.rdb': 0, 'temp-rewriteaof-3.aof': 0 }, form: 'nothing' },
  { what: 'what was put aside', files: { 'aside.dump.rdb': 0, 'aside.appendonlydir/x.aof': 0 }, form: 'nothing' },
  { what: 'a snapshot, and what was put aside', files: { 'dump.rdb': 0, 'aside.appendonly.aof': 1 }, form: 'snapshot' },
];

/** On a volume that this library has started a server on. */
const KNOWN: Case[] = [
  // Written by a full copy from the master, before the append-only file was written anew.
  { what: 'an append-only file and a newer snapshot', files: { ...WHOLE, 'dump.rdb': 1 }, form: 'append-only' },
  // A server that ended in the middle of its very first start.
  { what: 'a first append-only file without a manifest', files: { [`${AOF}.1.base.rdb`]: 0 }, form: 'nothing' },
  { what: "somebody's own copy in a folder, with nothing on disk", files: { 'backup/dump.rdb': 0 }, form: 'nothing' },
];

describe.each(shells)('In %s, the form of the data on a volume', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  function formOf(files: Files, owner: string, mark = '', change: (folder: string) => void = () => undefined): string {
    const folder = mkdtempSync(join(tmpdir(), 'volume-'));
    try {
      for (const [name, age] of Object.entries(files)) {
        const file = join(folder, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, name);
        utimesSync(file, 1_700_000_000 + age, 1_700_000_000 + age);
      }
      change(folder);
      const before = readdirSync(folder, { recursive: true }).sort();
      const variables = { DATA_DIR: folder, volume_owner: owner, mark_master: mark };
      const { stdout, stderr, status } = run(shell, ['common.sh', 'volume.sh'], 'form_of_volume', variables);
      expect(stderr).toBe('');
      expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
      expect(['append-only', 'snapshot', 'nothing'].includes(stdout.trim())).toBe(status === 0);
      return stdout.trim();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each(OTHER_ORIGIN)('of other origin, with $what.', ({ files, form }) => {
    expect(formOf(files, '')).toEqual(typeof form === 'string' ? form : expect.stringMatching(form));
  });

  test.each(KNOWN)('of this library, with $what.', ({ files, form }) => {
    expect(formOf(files, 'prod/cache/cache-master')).toBe(form);
  });

  test('is refused where a node was in sync and its append-only file has no manifest.', () => {
    const files = { [`${AOF}.1.base.rdb`]: 0 };
    expect(formOf(files, 'prod/cache/cache-master', 'cache-master.prod.svc')).toMatch('is there without its manifest');
  });

  test('an empty file is none.', () => {
    const empty = (folder: string): void => {
      writeFileSync(join(folder, 'appendonly.aof'), '');
    };
    expect(formOf({ 'dump.rdb': 0 }, '', '', empty)).toBe('snapshot');
    expect(formOf({}, '', '', empty)).toBe('nothing');
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)('is refused where a file may not be read.', () => {
    const close = (folder: string): void => {
      chmodSync(join(folder, 'dump.rdb'), 0o200);
    };
    expect(formOf({ 'dump.rdb': 0 }, '', '', close)).toMatch('can not be read and written by user');
  });
});
