/** A report on signatures: first by what is in the file, then by what the network says of revocation, where that is open. */
import type { CallInput } from '../../../preload/contract.ts';
import type { ValidationReport } from '../../../preload/model.ts';
import { isRevocationOpen } from '../../../preload/plain.ts';
import type { CallError } from '../../bridge.ts';
import { useCall } from '../../desk.tsx';

export interface Report {
  readonly data: ValidationReport | undefined;
  readonly error: CallError | null;
  readonly isPending: boolean;
  /** The network is being asked; `data` is what the file alone says. */
  readonly isAsking: boolean;
  refetch(): void;
}

type Verify = 'documents.verify' | 'files.verify';

interface ReportOptions {
  readonly enabled?: boolean;
  /** SHA-256 of the bytes, where they may change under the same name. */
  readonly of?: string | undefined;
}

export function useReport<N extends Verify>(
  name: N,
  input: CallInput<N>,
  { enabled = true, of }: ReportOptions = {},
): Report {
  const alone = useCall<Verify>(name, input, { enabled, of });
  const open = alone.data?.signatures.some(isRevocationOpen) ?? false;
  const asked = useCall<Verify>(name, { ...input, online: true }, { enabled: enabled && open, of });
  return {
    // Where nobody could be asked, what the file says stands.
    data: (open ? asked.data : undefined) ?? alone.data,
    error: alone.error,
    isPending: alone.isPending,
    isAsking: open && asked.isFetching && asked.data === undefined,
    refetch: () => void alone.refetch(),
  };
}
