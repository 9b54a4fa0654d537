/** What preparers do, at the provider of the account they choose. */
import { writeAll, writeWhole } from '../platform/file-source.ts';
import { type Prepare, type PreparedFile, ProviderError } from '../providers/provider.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type PrepareCalls = Pick<Handlers, Extract<keyof Handlers, `prepare.${string}`>>;

const READ_BYTES = 256 * 1024;

export function prepareHandlers({ session, files, host, sync, emit }: Rooms): PrepareCalls {
  const running = new Map<string, AbortController>();

  async function preparerOf(accountId: string): Promise<Prepare> {
    const { prepare } = await session(accountId);
    if (!prepare) throw new CallError('unsupported');
    return prepare;
  }

  /** Runs at the account's provider; what it says of a transaction in another state is the person's to know. */
  async function at<T>(accountId: string, run: (prepare: Prepare) => Promise<T>): Promise<T> {
    try {
      return await run(await preparerOf(accountId));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'stale') throw error;
      throw new CallError('wrong-state', error.serverMessage ? { serverMessage: error.serverMessage } : {});
    }
  }

  /** What was made is in the inbox after the next reading; nobody waits for it. */
  const readAgain = (accountId: string) => void sync.syncNow(accountId).catch(() => undefined);

  function fileOf(fileId: string): PreparedFile {
    const { name, sizeBytes, kind } = files.view(fileId);
    if (kind !== 'pdf') throw new CallError('not-a-pdf', { name });
    return {
      name,
      sizeBytes,
      async *chunks() {
        for (let at = 0; at < sizeBytes; at += READ_BYTES) yield await files.read(fileId, at, READ_BYTES);
      },
    };
  }

  return {
    'prepare.people': async ({ accountId, search }) => at(accountId, (prepare) => prepare.people(search)),
    'prepare.create': async ({ accountId, jobId, transaction }) => {
      const ending = new AbortController();
      running.set(jobId, ending);
      let toldAt = 0;
      try {
        const onProgress = (doneBytes: number, totalBytes: number) => {
          // A window is told of each hundredth, not of each chunk.
          if (doneBytes < totalBytes && doneBytes - toldAt < totalBytes / 100) return;
          toldAt = doneBytes;
          emit('prepare.progress', { jobId, doneBytes, totalBytes });
        };
        const { signal } = ending;
        return await at(accountId, (prepare) => prepare.create(transaction, fileOf, { signal, onProgress }));
      } finally {
        running.delete(jobId);
        readAgain(accountId);
      }
    },
    'prepare.cancel': async ({ jobId }) => {
      running.get(jobId)?.abort();
      return {};
    },
    'prepare.templates': async ({ accountId }) => ({
      templates: await at(accountId, (prepare) => prepare.templates()),
    }),
    'prepare.instantiate': async ({ accountId, templateId, ...choice }) => {
      const outcome = await at(accountId, (prepare) => prepare.instantiate(templateId, choice));
      readAgain(accountId);
      return outcome;
    },
    'prepare.edit': async ({ accountId, remoteId, about }) => at(accountId, (prepare) => prepare.edit(remoteId, about)),
    'prepare.step': async ({ accountId, remoteId, step }) => {
      const outcome = await at(accountId, (prepare) => prepare.step(remoteId, step));
      readAgain(accountId);
      const { status } = outcome;
      return { remoteId: outcome.remoteId, ...(status === undefined ? {} : { status }) };
    },
    'prepare.audit': async ({ accountId, remoteId }) => ({
      records: await at(accountId, (prepare) => prepare.audit(remoteId)),
    }),
    'prepare.files': async ({ accountId, remoteId }) => ({
      files: await at(accountId, (prepare) => prepare.listFiles(remoteId)),
    }),
    'prepare.editFile': async ({ accountId, remoteId, resourceId, change }) => {
      await at(accountId, (prepare) => prepare.editFile(remoteId, resourceId, change));
      readAgain(accountId);
      return {};
    },
    'prepare.removeFile': async ({ accountId, resourceId }) => {
      await at(accountId, (prepare) => prepare.removeFile(resourceId));
      readAgain(accountId);
      return {};
    },
    'prepare.thumb': async ({ accountId, ...about }) => ({
      bytes: await at(accountId, (prepare) => prepare.thumb(about)),
    }),
    'prepare.export': async ({ accountId, remoteId, path }) => {
      const chosen = path ?? (await host.chooseSavePath(`${remoteId}.zip`));
      if (chosen === undefined) return { sizeBytes: 0 };
      let sizeBytes = 0;
      const bytes = await at(accountId, (prepare) => prepare.files(remoteId));
      await writeWhole(chosen, async (file) => {
        for await (const chunk of bytes) {
          await writeAll(file, chunk);
          sizeBytes += chunk.byteLength;
        }
      });
      return { path: chosen, sizeBytes };
    },
  };
}
