/** What the window says of a signature's statements, as the engine takes it. */
import type { Statements } from '../../preload/model.ts';
import { commitments, type SignerStatements } from '../pades/index.ts';

/** @returns undefined where nothing is stated */
export function stated({ commitment, location, policy }: Statements = {}): SignerStatements | undefined {
  if (!commitment && !location && !policy) return undefined;
  return {
    commitment: commitment && commitments[commitment],
    location,
    policy: policy && {
      id: policy.id,
      hash: { algorithm: policy.algorithm, value: policy.hash },
      ...(policy.uri === undefined ? {} : { uri: policy.uri }),
    },
  };
}

/** In a PDF a commitment or a policy takes the reason's place (EN 319 142-1, 6.3). */
export const excludesReason = ({ commitment, policy }: Statements = {}): boolean =>
  commitment !== undefined || policy !== undefined;
