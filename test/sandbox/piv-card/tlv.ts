/** BER-TLV as smart cards write it (ISO 7816-4, 5.2.2): tags of one to three bytes, lengths of up to 65535. */

/** One object; `tag` as it stands on the wire. */
export function tlv(tag: number, value: Uint8Array): Buffer {
  const bytes = tag.toString(16);
  const head = Buffer.from(bytes.length % 2 === 0 ? bytes : `0${bytes}`, 'hex');
  return Buffer.concat([head, lengthOf(value.length), value]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

/** The objects with one-byte tags in `bytes`; stops where they make no sense any more. */
export function readTlvs(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at + 2 <= bytes.length) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const long = first > 0x80 ? first - 0x80 : 0;
    const start = at + 2 + long;
    if (long > 2 || start > bytes.length) break;
    const length = long === 0 ? first : bytes.readUIntBE(at + 2, long);
    found.set(tag, bytes.subarray(start, start + length));
    at = start + length;
  }
  return found;
}
