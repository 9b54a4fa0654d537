/** The PC/SC watch over a real service with virtual readers: hot-plug with ATR, a service that comes and goes, a process that dies. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/platform/clock.ts';
import { entryUrl } from '../../../main/platform/entries.ts';
import { startChild } from '../../../native/client.ts';
import { createPcscWatch, type PcscEvent, type PcscWatch } from '../../../native/pcsc-client.ts';
import type { ChildProcessPort } from '../../../native/token-port.ts';
import { type InsertedCard, insertAtrCard } from '../../sandbox/atr-card.ts';
import { createPcscd, pcscdUnavailable, type TestPcscd } from '../../sandbox/pcscd.ts';

const ATR = '3b8a015669727475616c50495685';
const OTHER_ATR = '3b9813400aa503010101ad1311';
const WAIT_MS = 2000;

describe.skipIf(pcscdUnavailable !== undefined)(
  `the PC/SC watch (${pcscdUnavailable === undefined ? 'virtual readers' : `skipped: needs ${pcscdUnavailable}`})`,
  () => {
    let pcscd: TestPcscd;
    const watches: PcscWatch[] = [];
    const cards: InsertedCard[] = [];

    beforeAll(async () => {
      pcscd = await createPcscd();
      await pcscd.start();
    });
    afterEach(async () => {
      await Promise.all(watches.splice(0).map((watch) => watch.close()));
      await Promise.all(cards.splice(0).map((card) => card.eject()));
    });
    afterAll(() => pcscd.remove());

    async function insert(port: number, atr: string): Promise<InsertedCard> {
      const card = await insertAtrCard(port, atr);
      cards.push(card);
      return card;
    }

    /** A watch, its events as they come, and the processes it started. */
    function open() {
      const processes: ChildProcessPort[] = [];
      const watch = createPcscWatch({
        startProcess() {
          const child = startChild(entryUrl('pcsc-host'), [], { ...process.env, ...pcscd.env });
          processes.push(child);
          return child;
        },
        clock: systemClock,
      });
      watches.push(watch);
      const events: PcscEvent[] = [];
      watch.on((event) => events.push(event));
      void watch.settled(0);
      const heard = (wanted: PcscEvent) => expect.poll(() => events, { timeout: 20_000 }).toContainEqual(wanted);
      return { watch, events, heard, processes };
    }

    it('reports cards that come and go, with their answers to reset, and connects to none', async () => {
      const { watch, heard } = open();
      const [reader] = pcscd.readers;
      const state = await watch.settled(20_000);
      expect(state).toMatchObject({ service: 'running', readers: [{ name: reader, cardPresent: false }, {}] });
      const card = await insert(pcscd.ports[0], ATR);
      await heard({ kind: 'card-inserted', reader, atr: ATR });
      expect(watch.state().readers[0]).toMatchObject({ cardPresent: true, atr: ATR });
      expect(card.commands()).toBe(0);
      await card.eject();
      await heard({ kind: 'card-removed', reader });
      const other = await insert(pcscd.ports[1], OTHER_ATR);
      await heard({ kind: 'card-inserted', reader: pcscd.readers[1], atr: OTHER_ATR });
      expect(other.commands()).toBe(0);
    });

    it('loses the service and finds it again, readers and card with it', async () => {
      const { watch, heard, events } = open();
      await watch.settled(20_000);
      await pcscd.stop();
      await heard({ kind: 'service', service: 'pcsc-service-down' });
      await heard({ kind: 'reader-removed', reader: pcscd.readers[0] });
      events.length = 0;
      await pcscd.start();
      await heard({ kind: 'service', service: 'running' });
      await insert(pcscd.ports[0], ATR);
      await heard({ kind: 'card-inserted', reader: pcscd.readers[0], atr: ATR });
    });

    it('goes on in a new process where its own died, and reports nothing that did not happen', async () => {
      await insert(pcscd.ports[0], ATR);
      const { watch, heard, events, processes } = open();
      await heard({ kind: 'card-inserted', reader: pcscd.readers[0], atr: ATR });
      events.length = 0;
      processes[0]?.kill();
      await expect.poll(() => processes.length, { timeout: 20_000 }).toBe(2);
      await insert(pcscd.ports[1], OTHER_ATR);
      await heard({ kind: 'card-inserted', reader: pcscd.readers[1], atr: OTHER_ATR });
      expect(events).toHaveLength(1);
      expect(watch.state().service).toBe('running');
    });

    it('leaves no process behind', async () => {
      const { watch, processes } = open();
      await watch.settled(WAIT_MS);
      const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
      await watch.close();
      expect(await exit).toMatchObject({ signal: 'SIGKILL' });
    });
  },
);

describe('the watching process without its optional package', () => {
  it('says so and is not started again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-pcsc-'));
    for (const name of ['pcsc-host', 'pcsc-watch', 'pcsc-port', 'process-channel']) {
      await copyFile(new URL(`../../../native/${name}.ts`, import.meta.url), join(folder, `${name}.ts`));
    }
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    let started = 0;
    const watch = createPcscWatch({
      startProcess() {
        started++;
        return startChild(pathToFileURL(join(folder, 'pcsc-host.ts')), []);
      },
      clock: systemClock,
    });
    expect(await watch.settled(20_000)).toEqual({ service: 'pcsc-missing', readers: [] });
    await watch.close();
    expect(started).toBe(1);
    await rm(folder, { recursive: true, force: true });
  });
});
