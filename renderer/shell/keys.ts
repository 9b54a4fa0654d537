/** Keyboard shortcuts as text: `mod+k`, `shift+?`, `F1`, or two keys one after the other: `g i`. `mod` is ⌘ on a Mac, else Ctrl. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** True on Apple's systems. */
export function isApple(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** How a press is written, or undefined for a modifier by itself. Shift is written only with keys that have a name. */
export function keyText(press: KeyPress, apple: boolean): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'].includes(press.key)) return undefined;
  const mod = apple ? press.metaKey : press.ctrlKey;
  const other = apple ? press.ctrlKey : press.metaKey;
  if (other) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const shift = press.shiftKey && press.key.length > 1;
  return `${mod ? 'mod+' : ''}${press.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key === ' ' ? 'Space' : key}`;
}

/** Whether `keys` begins with, or is, what was pressed so far. */
export function matchKeys(keys: string, pressed: readonly string[]): 'whole' | 'begun' | 'no' {
  const wanted = keys.split(' ');
  if (pressed.length > wanted.length || pressed.some((key, i) => key !== wanted[i])) return 'no';
  return pressed.length === wanted.length ? 'whole' : 'begun';
}

/** True for shortcuts that work while somebody types: they have a modifier or are a function key. */
export function worksWhileTyping(keys: string): boolean {
  return /^(mod|alt)\+/.test(keys) || /^F\d+$/.test(keys);
}

const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** The caps to draw for a shortcut, one list for each press. */
export function keyCaps(keys: string, apple: boolean): string[][] {
  return keys.split(' ').map((press) => {
    const parts = press === '+' ? ['+'] : press.split(/\+(?=.)/);
    return parts.map((part) => {
      if (part === 'mod') return apple ? '⌘' : 'Ctrl';
      if (part === 'alt') return apple ? '⌥' : 'Alt';
      if (part === 'shift') return apple ? '⇧' : 'Shift';
      return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    });
  });
}

/** What ARIA calls it (`aria-keyshortcuts`); undefined for presses one after the other, which it has no form for. */
export function ariaKeys(keys: string, apple: boolean): string | undefined {
  if (keys.includes(' ')) return undefined;
  return keys
    .replace('mod+', apple ? 'Meta+' : 'Control+')
    .replace('alt+', 'Alt+')
    .replace('shift+', 'Shift+');
}
