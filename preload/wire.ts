/**
 * Bridge values over a transport that carries only JSON (a Chromium binding, the profile's socket):
 * a Uint8Array travels as `{"$bytes": "<base64>"}`, everything else as itself.
 */
const MARK = '$bytes';

type Base64Bytes = { toBase64?: () => string };
type Base64Constructor = { fromBase64?: (text: string) => Uint8Array };

function toBase64(bytes: Uint8Array): string {
  const native = (bytes as Base64Bytes).toBase64;
  if (native) return native.call(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  const native = (Uint8Array as Base64Constructor).fromBase64;
  return native ? native.call(Uint8Array, text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** Text of a bridge value. */
export function toWire(value: unknown): string {
  // A Buffer's own toJSON has run before the replacer sees it: ask the holder.
  return JSON.stringify(value, function replace(this: Record<string, unknown>, key, item: unknown) {
    const raw = this[key];
    return raw instanceof Uint8Array ? { [MARK]: toBase64(raw) } : item;
  });
}

/** The bridge value of a text; throws SyntaxError where the text is not JSON or its base64 is broken. */
export function parseWire(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || !(MARK in item)) return item;
    const { [MARK]: encoded } = item as Record<string, unknown>;
    if (typeof encoded !== 'string' || Object.keys(item).length !== 1) throw new SyntaxError('malformed bytes');
    try {
      return fromBase64(encoded);
    } catch {
      throw new SyntaxError('malformed bytes');
    }
  });
}

/** The binding a Chromium window calls the desk by: takes the wire text of `{name, input}`, answers that of a Reply. */
export const BINDING = 'countersignWire';
/** The DOM event that brings it the desk's events: `detail` is the wire text of `{event, payload}`. */
export const WIRE_EVENT = 'countersign-event';
