/** The ways in for files of one's own, wherever the person is: dropped on the window, or by the command "Open PDF…". */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../../shell/commands.tsx';
import { useNavigation } from '../../shell/navigation.tsx';
import { useFiles } from './files-context.tsx';
import { FilesDrop } from './files-drop.tsx';

export function WindowFiles({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const { choose } = useFiles();
  const show = () => go({ name: 'files' });
  useCommands([
    {
      id: 'open files',
      label: t('files.open'),
      group: t('files.head'),
      keys: 'mod+o',
      run: () =>
        void choose().then((opened) => {
          if (opened.length > 0) show();
        }),
    },
  ]);
  return <FilesDrop onDropped={show}>{children}</FilesDrop>;
}
