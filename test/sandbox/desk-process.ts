/**
 * A desk in a process of its own, as a host would run it, without a window: calls come over the parent's channel and answers go
 * back. Arguments: the profile's folder, the folder of its keys.
 */
import { createDesk } from '../../main/desk.ts';
import { createHeadlessHost } from '../../main/host/headless-host.ts';
import { localSender } from '../../main/ipc/index.ts';

const [, , root = '', secretsDir = ''] = process.argv;
const senders = { window: { origin: 'app://countersign', isMainFrame: true }, local: localSender };

export type DeskProcessMessage =
  | { readonly id: number; readonly call: string; readonly input: unknown; readonly from: 'window' | 'local' }
  /** Keeps a text in the process's memory, for the search of it to be tested. */
  | { readonly id: number; readonly keep: Uint8Array };

const kept: Uint8Array[] = [];
const host = createHeadlessHost({ secretsDir });
const desk = await createDesk(host, { root, version: 'test', background: false });

process.on('message', async (message: DeskProcessMessage) => {
  if ('keep' in message) kept.push(message.keep);
  const reply = 'call' in message ? await desk.onCall(senders[message.from], message.call, message.input) : kept.length;
  process.send?.({ id: message.id, reply });
});
process.on('disconnect', () => void desk.close().then(() => process.exit(0)));
process.send?.({ id: 0, reply: 'ready' });
