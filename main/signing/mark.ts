/** The lines of a visible mark: who signed, why, when. */

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** @param at /M of the signature, epoch ms */
export function markLines(commonName: string, reason: string, at: number): string[] {
  return [`Signed by ${commonName}`, ...(reason === '' ? [] : [reason]), utc(at)];
}
