/** Gives the window its looks: the system's, unless the settings say otherwise; contrast as the system or the settings ask. */
import { MantineProvider } from '@mantine/core';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { useCall } from '../desk.tsx';
import { cssVariables, theme } from './theme.ts';

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(query);
      media.addEventListener('change', tell);
      return () => media.removeEventListener('change', tell);
    },
    () => matchMedia(query).matches,
  );
}

/** @param nonce lets the page's policy take the style elements that are made at run time */
export function WindowTheme({ nonce, children }: { nonce: string; children: ReactNode }) {
  const chosen = useCall('settings.get', {}).data?.theme ?? undefined;
  const more = useMedia('(prefers-contrast: more)') || chosen === 'contrast';
  useEffect(() => {
    document.documentElement.dataset.contrast = more ? 'more' : 'normal';
  }, [more]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(chosen === 'light' || chosen === 'dark' ? { forceColorScheme: chosen } : {})}
      getStyleNonce={() => nonce}
    >
      {children}
    </MantineProvider>
  );
}
