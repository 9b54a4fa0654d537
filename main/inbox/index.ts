/** The inbox: pure functions over the unified transaction model. */

export { ChangeError, type Changes, createChanges } from './changes.ts';
export { applyLocalChange, type LocalChange, localChange, readChange } from './local-change.ts';
export {
  awaitsRendering,
  declinableRequests,
  documentsToOpen,
  type FormRef,
  formsToFill,
  type MyTask,
  myTask,
  type RequestRef,
  type SignableRequest,
  signableRequests,
} from './tasks.ts';
export { countViews, statusesOf } from './views.ts';
