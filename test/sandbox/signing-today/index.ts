/** The reference implementation of Signing Today's API: its state, to be seeded and looked into, and its server. */

export type { Exchange } from './exchange.ts';
export type { Misbehaviour } from './misbehaviour.ts';
export type * from './model.ts';
export type { DeviceRecord, Effect, EffectKind, Mail } from './records.ts';
export type * from './seeding.ts';
export { type LoggedRequest, type SigningTodayServer, startSigningToday } from './server.ts';
export { createSigningTodayState, type SigningTodayOptions, type SigningTodayState } from './state.ts';
