/** Whether there is a newer version of the app than this one. */
export { updateNotice } from './update-notice.ts';
export { createUpdates, type Updates, UpdatesError } from './updates.ts';
