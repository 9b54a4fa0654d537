/** What a desk answers to somebody who prepares: files by their bytes, people, templates, and what was made. */
import { randomUUID } from 'node:crypto';
import type { ParsedInput } from '../../preload/contract.ts';
import type { Handlers } from './scripted-desk.ts';

export interface ScriptedPrepare {
  readonly made: ParsedInput<'prepare.create'>['transaction'][];
  readonly instances: ParsedInput<'prepare.instantiate'>[];
  readonly handlers: Handlers;
}

const people = [
  { userId: 'u-1', name: 'Sara Serra', email: 'sara@office.example' },
  { userId: 'u-2', name: 'Omar Orsi', email: 'omar@office.example' },
];

export function scriptedPrepare(): ScriptedPrepare {
  const made: ScriptedPrepare['made'] = [];
  const instances: ScriptedPrepare['instances'] = [];
  const files = new Map<string, { name: string; bytes: Buffer }>();
  const file = (id: string) => files.get(id) ?? { name: '', bytes: Buffer.alloc(0) };
  return {
    made,
    instances,
    handlers: {
      'files.receive': ({ name }) => {
        const uploadId = randomUUID();
        files.set(uploadId, { name, bytes: Buffer.alloc(0) });
        return { uploadId };
      },
      'files.append': ({ uploadId, bytes }) => {
        const before = file(uploadId);
        files.set(uploadId, { ...before, bytes: Buffer.concat([before.bytes, bytes]) });
        return {};
      },
      'files.received': ({ uploadId }) => {
        const { name, bytes } = file(uploadId);
        return { id: uploadId, name, sizeBytes: bytes.length, kind: 'pdf' as const };
      },
      'files.read': ({ fileId, offset, length }) =>
        new Uint8Array(file(fileId).bytes.subarray(offset, offset + length)),
      'files.forget': () => ({}),
      'prepare.people': ({ search }) => ({
        people: people.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(search.toLowerCase())),
        groups: [],
      }),
      'prepare.create': ({ transaction }) => {
        made.push(transaction);
        return { remoteId: randomUUID(), status: transaction.publish ? 'toSign' : 'draft', expiryKept: true };
      },
      'prepare.templates': () => ({
        templates: [
          {
            remoteId: 't-1',
            title: 'Standard lease',
            status: 'published',
            isPublic: true,
            mine: true,
            roles: ['tenant', 'landlord'],
            documents: ['Lease'],
          },
        ],
      }),
      'prepare.instantiate': (choice) => {
        instances.push(choice);
        return { remoteId: randomUUID(), status: 'toSign', expiryKept: false };
      },
    },
  };
}
