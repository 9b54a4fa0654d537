/** Files of one's own are chosen, and looked at where any were. */
import { useNavigation } from '../../shell/navigation.tsx';
import { useFiles } from './files-context.tsx';

export function useOpenFiles(): () => void {
  const { go } = useNavigation();
  const { choose } = useFiles();
  return () =>
    void choose().then((opened) => {
      if (opened.length > 0) go({ name: 'files' });
    });
}
