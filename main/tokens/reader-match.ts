/** Which reader a slot is: the PKCS#11 interface knows readers only by the slot's description, cut to 64 characters. */
import type { CardReader } from '../../native/pcsc-port.ts';

const DESCRIPTION_LENGTH = 64;

export function readerOfSlot<R extends Pick<CardReader, 'name'>>(
  slotDescription: string,
  readers: readonly R[],
): R | undefined {
  const slot = plain(slotDescription);
  return readers.find(({ name }) => {
    const reader = plain(name);
    return slot === reader || (reader.length > DESCRIPTION_LENGTH - 4 && reader.startsWith(slot) && slot !== '');
  });
}

const plain = (text: string) => text.replaceAll('\0', ' ').trim();
