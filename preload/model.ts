/**
 * The words the window and the desk share: the unified transaction model as it crosses the bridge.
 * Providers translate into it, the store keeps it, the renderer shows it. Times are epoch milliseconds (UTC).
 */
export * from './model/admin.ts';
export * from './model/authority.ts';
export * from './model/basics.ts';
export * from './model/choices.ts';
export * from './model/device.ts';
export * from './model/file.ts';
export * from './model/job.ts';
export * from './model/mark.ts';
export * from './model/prepare.ts';
export * from './model/report.ts';
export * from './model/settings.ts';
export * from './model/statements.ts';
export * from './model/sync.ts';
export * from './model/token.ts';
export * from './model/transaction.ts';
