/** Puts the CMS into the gap of a prepared increment. */
import { PadesError, type PreparedSignature } from './prepared-signature.ts';

/**
 * @param increment as prepared, or with another CMS in the gap
 * @param cms DER
 * @returns a patched copy, the rest of the gap zeros
 * @throws PadesError contents-too-small; RangeError where the gap is not in the increment
 */
export function fillGap(increment: Uint8Array, gap: PreparedSignature['gap'], cms: Uint8Array): Uint8Array {
  const end = gap.offset + gap.length;
  if (increment[gap.offset - 1] !== 0x3c || increment[end] !== 0x3e) throw new RangeError('no gap at this place');
  if (cms.length * 2 > gap.length)
    throw new PadesError('contents-too-small', `${cms.length} of ${gap.length / 2} bytes`);
  const filled = Buffer.allocUnsafeSlow(increment.length);
  filled.set(increment);
  filled.write(Buffer.from(cms.buffer, cms.byteOffset, cms.length).toString('hex'), gap.offset, 'latin1');
  filled.fill(0x30, gap.offset + cms.length * 2, end);
  return filled;
}
