/** From an error's code to the key of its words. */

/** `error.<code>`, or `error.internal` for a code that has no words yet. */
export function errorKey(code: string, exists: (key: string) => boolean): string {
  const key = `error.${code}`;
  return /^[a-z0-9-]+$/.test(code) && exists(`${key}.what`) ? key : 'error.internal';
}
