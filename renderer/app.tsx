/** The window: an account first, then the shell with inbox, documents and pages. */
import { Center, Loader } from '@mantine/core';
import { useCall, useDeskRefresh } from './desk.tsx';
import { FirstRun } from './features/accounts/first-run.tsx';
import { useConditions } from './features/sync/use-conditions.ts';
import { useLanguage } from './i18n/use-language.ts';
import { CommandsProvider } from './shell/commands.tsx';
import { NavigationProvider } from './shell/navigation.tsx';
import { Shell } from './shell/shell.tsx';
import { ErrorNotice } from './ui/error-notice.tsx';

export function App() {
  useDeskRefresh();
  useConditions();
  useLanguage();
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
  if (accounts.data.length === 0) return <FirstRun />;
  return (
    <NavigationProvider>
      <CommandsProvider>
        <Shell />
      </CommandsProvider>
    </NavigationProvider>
  );
}
