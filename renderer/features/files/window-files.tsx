/** The ways in for files of one's own, wherever the person is: dropped on the window, or by the command "Open PDF…". */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../../shell/commands.tsx';
import { useNavigation } from '../../shell/navigation.tsx';
import { FilesDrop } from './files-drop.tsx';
import { useOpenFiles } from './use-open-files.ts';

export function WindowFiles({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const openFiles = useOpenFiles();
  useCommands([
    {
      id: 'open files',
      label: t('files.open'),
      group: t('files.head'),
      keys: 'mod+o',
      run: openFiles,
    },
  ]);
  return <FilesDrop onDropped={() => go({ name: 'files' })}>{children}</FilesDrop>;
}
