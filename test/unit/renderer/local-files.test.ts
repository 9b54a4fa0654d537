import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../../preload/contract.ts';
import { addLocalFiles } from '../../../renderer/local-files.ts';

const view = { id: 'f1', name: 'a.pdf', sizeBytes: 3, kind: 'pdf' } as const;

function fakeBridge(answers: Record<string, unknown>, more: Partial<Bridge> = {}) {
  const made: [string, unknown][] = [];
  const bridge = {
    call: async (name: string, input: unknown) => {
      made.push([name, input]);
      return answers[name] ?? { ok: false, error: { code: 'storage', retryable: false, details: {} } };
    },
    on: () => () => undefined,
    ...more,
  } as unknown as Bridge;
  return { bridge, made };
}

const file = (bytes: number) => new File([new Uint8Array(bytes)], 'a.pdf');

describe('files given to the window', () => {
  it('go by their paths where the host knows them', async () => {
    const given = [file(3)];
    const { bridge, made } = fakeBridge(
      {},
      {
        addFiles: async (files) => {
          expect(files).toBe(given);
          return { ok: true, value: { files: [view] } };
        },
      },
    );
    expect(await addLocalFiles(bridge, given)).toEqual([view]);
    expect(made).toEqual([]);
  });

  it('are sent in pieces where it does not', async () => {
    const { bridge, made } = fakeBridge({
      'files.receive': { ok: true, value: { uploadId: 'u' } },
      'files.append': { ok: true, value: {} },
      'files.received': { ok: true, value: view },
    });
    const told: string[] = [];
    expect(await addLocalFiles(bridge, [file(600_000)], ({ id }) => told.push(id))).toEqual([view]);
    expect(told).toEqual(['f1']);
    const pieces = made.flatMap(([name, input]) =>
      name === 'files.append' ? [(input as { bytes: Uint8Array }).bytes.length] : [],
    );
    expect(pieces).toEqual([524_288, 75_712]);
    expect(made[0]).toEqual(['files.receive', { name: 'a.pdf', sizeBytes: 600_000 }]);
  });

  it('tell why by code', async () => {
    const { bridge } = fakeBridge({});
    await expect(addLocalFiles(bridge, [file(1)])).rejects.toMatchObject({ code: 'storage' });
  });
});
