/** The window: an account first, or files of one's own without any; then the shell with inbox, documents and pages. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useCall } from './desk.tsx';
import { FirstRun } from './features/accounts/first-run.tsx';
import { FilesProvider } from './features/files/files-context.tsx';
import { WindowFiles } from './features/files/window-files.tsx';
import { PickedIdentityProvider } from './features/sign/picked-identity.tsx';
import { useConditions } from './features/sync/use-conditions.ts';
import { useLanguage } from './i18n/use-language.ts';
import { CommandsProvider } from './shell/commands.tsx';
import { NavigationProvider, useNavigation } from './shell/navigation.tsx';
import { Shell } from './shell/shell.tsx';
import { useWarmScreens } from './shell/use-warm-screens.ts';
import { ErrorNotice } from './ui/error-notice.tsx';

const Welcome = lazy(() => import('./features/accounts/welcome.tsx'));

export function App() {
  useConditions();
  useLanguage();
  useWarmScreens();
  const accounts = useCall('accounts.list', {});
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
  return (
    <NavigationProvider>
      <CommandsProvider>
        <FilesProvider>
          <PickedIdentityProvider>
            <WindowFiles>
              <Inside userName={accounts.data[0]?.userName} />
            </WindowFiles>
          </PickedIdentityProvider>
        </FilesProvider>
      </CommandsProvider>
    </NavigationProvider>
  );
}

/** @param userName of the first account; undefined where there is none */
function Inside({ userName }: { userName: string | undefined }) {
  const { place } = useNavigation();
  // True from the first account on this window has seen made, until card and mark have been asked for.
  const [welcoming, setWelcoming] = useState(false);
  // Only the inbox lacks something without an account: files, card and settings are there from the beginning.
  if (place.name !== 'inbox') return <Shell />;
  if (userName === undefined) return <FirstRun onAdded={() => setWelcoming(true)} />;
  if (!welcoming) return <Shell />;
  return (
    <Suspense>
      <Welcome userName={userName} onDone={() => setWelcoming(false)} />
    </Suspense>
  );
}
