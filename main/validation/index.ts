/** The face of the validation room: the report on a signed PDF. */

export { type DataNeed, type DataNeeds, listDataNeeds } from './data-needs.ts';
export { listMessageNeeds, type MessageNeeds } from './message-needs.ts';
export type { ProblemCode } from './signature-report.ts';
export { signedRanges } from './signed-ranges.ts';
export { validateCms } from './validate-cms.ts';
export { validatePdf } from './validate-pdf.ts';
export * from './validation.ts';
