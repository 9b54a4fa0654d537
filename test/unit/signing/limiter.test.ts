import { describe, expect, it } from 'vitest';
import { limiter } from '../../../main/signing/limiter.ts';

describe('limiter', () => {
  it('runs no more than the limit at once, in the order asked', async () => {
    const slot = limiter(2);
    const started: number[] = [];
    const release: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((n) =>
      slot(() => {
        started.push(n);
        return new Promise<void>((resolve) => release.push(resolve));
      }),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    release.shift()?.();
    await all[0];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    for (let i = 0; i < 4; i++) {
      release.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('frees its place when a task fails', async () => {
    const slot = limiter(1);
    await expect(slot(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slot(() => Promise.resolve(7))).resolves.toBe(7);
  });
});
