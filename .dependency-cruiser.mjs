/** The walls' rules for dependency-cruiser's command line. */
export { walls as default } from './scripts/walls.ts';
