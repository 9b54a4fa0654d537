/** The person's own files that are open in this window; they stay while another screen is shown. */
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import type { FileView } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { addLocalFiles, type GivenFile } from '../../local-files.ts';
import { codeOf } from '../sign/use-signing.ts';
import { pickFiles } from './pick-files.ts';

export interface OpenFiles {
  readonly files: readonly FileView[];
  /** What could not be opened, by its code. */
  readonly problem: string | undefined;
  readonly adding: boolean;
  /** @returns those that were opened */
  add(given: readonly GivenFile[]): Promise<readonly FileView[]>;
  /** By the host's dialog, or the browser's where the host has none. */
  choose(): Promise<readonly FileView[]>;
  /** Files the desk has made. */
  take(views: readonly FileView[]): void;
  close(fileIds: readonly string[]): void;
  /** What opens an encrypted file, once one did: the viewer needs it, too. */
  passwordOf(fileId: string): string | undefined;
  remember(fileId: string, password: string): void;
}

const FilesContext = createContext<OpenFiles | undefined>(undefined);

export function FilesProvider({ children }: { children: ReactNode }) {
  const bridge = useBridge();
  const [files, setFiles] = useState<readonly FileView[]>([]);
  const [problem, setProblem] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [passwords, setPasswords] = useState<ReadonlyMap<string, string>>(new Map());

  const take = useCallback((views: readonly FileView[]) => {
    setFiles((now) => [...now, ...views.filter(({ id }) => !now.some((each) => each.id === id))]);
  }, []);
  const run = useCallback(
    async (open: () => Promise<readonly FileView[]>) => {
      setAdding(true);
      setProblem(undefined);
      try {
        const views = await open();
        take(views);
        return views;
      } catch (error) {
        setProblem(codeOf(error));
        return [];
      } finally {
        setAdding(false);
      }
    },
    [take],
  );
  const add = useCallback(
    (given: readonly GivenFile[]) => run(() => addLocalFiles(bridge, given, (view) => take([view]))),
    [bridge, run, take],
  );
  const choose = useCallback(async () => {
    const reply = await bridge.call('files.choose', {});
    if (reply.ok) return run(async () => reply.value.files);
    if (reply.error.code !== 'no-dialog') {
      setProblem(reply.error.code);
      return [];
    }
    return add(await pickFiles());
  }, [bridge, run, add]);
  const close = useCallback(
    (fileIds: readonly string[]) => {
      if (fileIds.length === 0) return;
      setFiles((now) => now.filter(({ id }) => !fileIds.includes(id)));
      setPasswords((now) => new Map([...now].filter(([id]) => !fileIds.includes(id))));
      void ask(bridge, 'files.forget', { fileIds: [...fileIds] }).catch(() => undefined);
    },
    [bridge],
  );

  const remember = useCallback((fileId: string, password: string) => {
    setPasswords((now) => new Map(now).set(fileId, password));
  }, []);

  const value = useMemo(
    () => ({
      ...{ files, problem, adding, add, choose, take, close, remember },
      passwordOf: (fileId: string) => passwords.get(fileId),
    }),
    [files, problem, adding, add, choose, take, close, remember, passwords],
  );
  return <FilesContext value={value}>{children}</FilesContext>;
}

export function useFiles(): OpenFiles {
  const files = use(FilesContext);
  if (!files) throw new Error('no files above this component');
  return files;
}
