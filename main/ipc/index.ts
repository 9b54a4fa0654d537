/** The bridge's desk side: router and handlers. */

export { connectDesk, DESK_CLOSED, type DeskConnection, listenForDesks } from './desk-socket.ts';
export { createEvents, type EventListener } from './events.ts';
export { forwardFiles, forwardSigning } from './forward-events.ts';
export { createHandlers } from './handlers.ts';
export { localBridge } from './local-bridge.ts';
export type { Rooms } from './rooms.ts';
export { createRouter, type Dispatch, localSender } from './router.ts';
export { createSavedCopies } from './saved-copies.ts';
