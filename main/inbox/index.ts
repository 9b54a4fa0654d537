/** The inbox: pure functions over the unified transaction model. */

export { ChangeError, type Changes, createChanges } from './changes.ts';
export { type Conflicts, createConflicts } from './conflicts.ts';
export {
  applyLocalChange,
  applyToNotes,
  isOfNotes,
  type LocalChange,
  localChange,
  readChange,
  retarget,
} from './local-change.ts';
export { createNotices } from './notices.ts';
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
