/** Seconds of a clock that nobody sets. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1e6;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A promise's value, or undefined where it fails or takes longer. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, milliseconds);
  });
  try {
    return await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `condition` gives something; returns it, or fails with what `explain` says. */
export async function eventually<T>(
  limit: number,
  condition: () => Promise<T | undefined>,
  explain: () => string | Promise<string>,
  interval = 200,
): Promise<T> {
  const end = now() + limit;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (now() > end) throw new Error(`not within ${limit} s: ${await explain()}`);
    await pause(interval);
  }
}

/** Numbers between 0 and 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
