/** JSON bodies as they come: UTF-8 only (RFC 8259, 8.1), whatever the content type claims about the rest. */

export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly field: string };

/** Decodes a body; the field at fault is `content-type` for a foreign charset, else `body`. */
export function decodeJson(body: Uint8Array, contentType: string | undefined): Decoded {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    return { ok: false, field: 'content-type' };
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return { ok: true, value };
  } catch {
    return { ok: false, field: 'body' };
  }
}
