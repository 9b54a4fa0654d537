/** Trusted devices: pairing by QR. */

export { longestText } from './challenge-text.ts';
export { createDevices, type Devices, DevicesError } from './devices.ts';
