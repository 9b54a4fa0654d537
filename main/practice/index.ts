/** A practice service on this computer, for who wants to try the app before signing in anywhere. */
export { createPractice, type Practice, PracticeError, type PracticeSignIn } from './practice.ts';
export { practiceProgram } from './sandbox-process.ts';
