/** The window: an account first, then the shell with inbox, documents and pages. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useCall, useDeskRefresh } from './desk.tsx';
import { FirstRun } from './features/accounts/first-run.tsx';
import { useWarmViewer } from './features/document/warm-viewer.ts';
import { FilesProvider } from './features/files/files-context.tsx';
import { WindowFiles } from './features/files/window-files.tsx';
import { useConditions } from './features/sync/use-conditions.ts';
import { useLanguage } from './i18n/use-language.ts';
import { CommandsProvider } from './shell/commands.tsx';
import { NavigationProvider } from './shell/navigation.tsx';
import { Shell } from './shell/shell.tsx';
import { ErrorNotice } from './ui/error-notice.tsx';

const Welcome = lazy(() => import('./features/accounts/welcome.tsx'));

export function App() {
  useDeskRefresh();
  useConditions();
  useLanguage();
  useWarmViewer();
  const accounts = useCall('accounts.list', {});
  // True from the first account on this window has seen made, until card and mark have been asked for.
  const [welcoming, setWelcoming] = useState(false);
  if (accounts.isPending) {
    return (
      <Center h="100%" aria-busy="true">
        <Loader size="sm" />
      </Center>
    );
  }
  if (accounts.isError) {
    return (
      <Center h="100%" p="xl">
        <ErrorNotice code={accounts.error.code} onRetry={() => void accounts.refetch()} />
      </Center>
    );
  }
  const [first] = accounts.data;
  if (!first) return <FirstRun onAdded={() => setWelcoming(true)} />;
  if (welcoming) {
    return (
      <Suspense>
        <Welcome userName={first.userName} onDone={() => setWelcoming(false)} />
      </Suspense>
    );
  }
  return (
    <NavigationProvider>
      <CommandsProvider>
        <FilesProvider>
          <WindowFiles>
            <Shell />
          </WindowFiles>
        </FilesProvider>
      </CommandsProvider>
    </NavigationProvider>
  );
}
