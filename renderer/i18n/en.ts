/** The window's words in one language, in one piece; see i18n.ts. */
const files = import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' });
export const words: Record<string, unknown> = Object.assign({}, ...Object.values(files));
