/** A real desk for files of one's own, with a home folder of its own, and files dropped on the window. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type DemoDesk, startDemoDesk } from '../sandbox/demo-desk.ts';

export interface FilesDesk {
  readonly demo: DemoDesk;
  /** Where results of bytes that came without a path go. */
  readonly downloads: string;
  stop(): Promise<void>;
}

export async function startFilesDesk(): Promise<FilesDesk> {
  const homeBefore = process.env.HOME;
  const home = await mkdtemp(join(tmpdir(), 'countersign-home-'));
  process.env.HOME = home;
  const demo = await startDemoDesk();
  return {
    demo,
    downloads: join(home, 'Downloads'),
    async stop() {
      await demo.stop();
      if (homeBefore === undefined) delete process.env.HOME;
      else process.env.HOME = homeBefore;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Drops the bytes on the window as a file of that name. */
export async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))}), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: 'application/pdf' }));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
