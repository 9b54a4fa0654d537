/**
 * What can be done now, by name and by key. A screen lists its commands while it is shown (`useCommands`); the command palette
 * finds them, the keyboard runs them, the overlay of shortcuts lists them.
 */
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { isApple, keyText, matchKeys, worksWhileTyping } from './keys.ts';

export interface Command {
  readonly id: string;
  /** In the person's language. */
  readonly label: string;
  /** What it belongs to, in the person's language: a heading in the palette and in the overlay. */
  readonly group: string;
  /** See keys.ts. */
  readonly keys?: string;
  /** False: in the overlay of shortcuts only, the palette has no use for it. */
  readonly inPalette?: boolean;
  /** Missing where a key means something only where the focus is (a list's arrows): then it is listed, not run. */
  readonly run?: () => void;
}

interface Registry {
  set(owner: string, commands: readonly Command[] | undefined): void;
  list(): readonly Command[];
  subscribe(listener: () => void): () => void;
}

function createRegistry(): Registry {
  const owners = new Map<string, readonly Command[]>();
  const listeners = new Set<() => void>();
  let all: readonly Command[] = [];
  return {
    set(owner, commands) {
      if (commands) owners.set(owner, commands);
      else owners.delete(owner);
      all = [...owners.values()].flat();
      for (const tell of listeners) tell();
    },
    list: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const RegistryContext = createContext<Registry>(createRegistry());
export const apple = isApple(navigator.platform);

/** A second press has this long to follow the first. */
const SECOND_PRESS_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function useKeys(registry: Registry): void {
  const pressed = useRef<{ readonly keys: readonly string[]; readonly at: number }>({ keys: [], at: 0 });
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const text = keyText(event, apple);
    if (text === undefined || document.querySelector('[role="dialog"]')) return;
    const now = performance.now();
    const before = now - pressed.current.at < SECOND_PRESS_MS ? pressed.current.keys : [];
    const typing = isTyping(event.target);
    for (const keys of [[...before, text], [text]]) {
      const candidates = registry
        .list()
        .filter((each) => each.keys && each.run && (!typing || worksWhileTyping(each.keys)));
      const match = candidates.find((each) => matchKeys(each.keys ?? '', keys) === 'whole');
      if (match) {
        pressed.current = { keys: [], at: 0 };
        event.preventDefault();
        match.run?.();
        return;
      }
      if (candidates.some((each) => matchKeys(each.keys ?? '', keys) === 'begun')) {
        pressed.current = { keys, at: now };
        return;
      }
    }
    pressed.current = { keys: [], at: 0 };
  });
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createRegistry);
  useKeys(registry);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** Lists these commands as long as the component is there; the list may be a new one at each render. */
export function useCommands(commands: readonly Command[]): void {
  const registry = use(RegistryContext);
  const owner = useId();
  const latest = useRef(commands);
  // What a command does may change with every render; what is listed, only with its words.
  const words = commands.map(({ id, label, group, keys }) => [id, label, group, keys].join('\u0000')).join('\u0001');
  useEffect(() => {
    latest.current = commands;
  });
  const runLatest = useCallback((id: string) => latest.current.find((each) => each.id === id)?.run?.(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `words` stands for the commands
  const listed = useMemo(
    () => commands.map((command) => (command.run ? { ...command, run: () => runLatest(command.id) } : command)),
    [words, runLatest],
  );
  useEffect(() => {
    registry.set(owner, listed);
    return () => registry.set(owner, undefined);
  }, [registry, owner, listed]);
}

/** Every command there is now. */
export function useAllCommands(): readonly Command[] {
  const registry = use(RegistryContext);
  return useSyncExternalStore(registry.subscribe, registry.list);
}
