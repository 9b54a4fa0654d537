/**
 * Entry of a token host's process: owns the one module whose absolute path is its argument, with the
 * parameters its C_Initialize needs as a second one. Started by child_process.fork or
 * Electron's utilityProcess; both kinds of channel end up in the same service. The process ends when its channel does.
 */
import { createHostService } from './host-service.ts';
import { openProcessChannel } from './process-channel.ts';

const channel = openProcessChannel();
const [, , path = '', parameters] = process.argv;
const service = createHostService({ path, parameters }, channel.send, () => process.exit(0));
channel.onMessage((message) => service.receive(message));
