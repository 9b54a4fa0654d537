/** What is not here is fetched before it is looked at; what the service does not know is not found. */
import { expect, it } from 'vitest';
import { documentHandlers } from '../../../main/ipc/document-handlers.ts';
import type { Rooms } from '../../../main/ipc/index.ts';
import { aDocument, aTransaction } from '../inbox/model-fixtures.ts';

const place = { transactionId: 'account-1:1', documentId: 'document-1' };
const revision = { sha256: 'a'.repeat(64), sizeBytes: 10, runs: [] };
const report = { valid: true, sizeBytes: 10, signatures: [] };

/** @param here whether the bytes are here from the beginning */
function rooms(here: boolean, fails?: Error) {
  let isHere = here;
  const fetched: string[] = [];
  const given = {
    store: {
      transaction: async (id: string) =>
        id === place.transactionId ? aTransaction('1', { documents: [aDocument()] }) : undefined,
      document: async () => (isHere ? { ...place, resourceId: undefined, revision } : undefined),
    },
    sync: {
      async fetchDocument(_: string, documentId: string) {
        fetched.push(documentId);
        if (fails) throw fails;
        isHere = true;
      },
    },
    validate: async () => report,
  };
  return { handlers: documentHandlers(given as unknown as Rooms), fetched };
}

it('judges what is here without asking the service', async () => {
  const { handlers, fetched } = rooms(true);
  expect(await handlers['documents.verify'](place)).toEqual(report);
  expect(fetched).toEqual([]);
});

it('fetches what is not here, and then judges it', async () => {
  const { handlers, fetched } = rooms(false);
  expect(await handlers['documents.verify'](place)).toEqual(report);
  expect(fetched).toEqual(['document-1']);
});

it('says why it could not be fetched', async () => {
  const offline = Object.assign(new Error('offline'), { code: 'offline' });
  await expect(rooms(false, offline).handlers['documents.verify'](place)).rejects.toMatchObject({ code: 'offline' });
});

it('asks nobody for a document that its transaction does not have', async () => {
  const { handlers, fetched } = rooms(false);
  const elsewhere = { ...place, documentId: 'document-9' };
  await expect(handlers['documents.verify'](elsewhere)).rejects.toMatchObject({ code: 'not-found' });
  expect(fetched).toEqual([]);
});
