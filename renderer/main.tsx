/** Starts the window. */
import '@mantine/core/styles.css';
import './ui/tokens.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type Bridge, findBridge } from './bridge.ts';
import { askAhead, BridgeProvider, callKey, createQueryClient, followDesk } from './desk.tsx';
import { firstPage, initialInbox } from './features/inbox/inbox-state.ts';
import { fetchAhead, startI18n } from './i18n/i18n.ts';
import { windowLanguage } from './i18n/languages.ts';
import { cssVariables, theme } from './theme/theme.ts';
import { WindowTheme } from './theme/window-theme.tsx';
import { AnnouncerProvider } from './ui/announcer.tsx';
import { Foreground } from './ui/foreground.tsx';
import { NoDesk } from './ui/no-desk.tsx';

const nonce = document.querySelector<HTMLMetaElement>('#style-nonce')?.nonce ?? '';
// Where libraries that make styles at run time (react-remove-scroll by get-nonce) look for the nonce.
Object.assign(globalThis, { __webpack_nonce__: nonce });

/** The settings before anything is shown, so that it is shown in the right language; a desk that gives none is worded later. */
async function firstSettings(desk: Bridge) {
  const reply = await desk.call('settings.get', {}).catch(() => undefined);
  if (!reply?.ok) return undefined;
  client.setQueryData(callKey('settings.get', {}), reply.value);
  return reply.value;
}

const root = document.querySelector('#root');
if (!root) throw new Error('the page has no root');
const bridge = findBridge(window);
const client = createQueryClient();
// What the first screen needs is asked for at once, not as each part of it comes to be.
fetchAhead(windowLanguage(undefined, navigator.languages));
if (bridge) {
  followDesk(bridge, client);
  askAhead(bridge, client, 'accounts.list', {});
  askAhead(bridge, client, 'inbox.list', firstPage(initialInbox));
}
const chosen = bridge && (await firstSettings(bridge));
await startI18n(windowLanguage(chosen?.language, navigator.languages));

createRoot(root).render(
  <StrictMode>
    {bridge ? (
      <BridgeProvider bridge={bridge}>
        <QueryClientProvider client={client}>
          <WindowTheme nonce={nonce}>
            <AnnouncerProvider>
              <App />
            </AnnouncerProvider>
            <Foreground />
          </WindowTheme>
        </QueryClientProvider>
      </BridgeProvider>
    ) : (
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} getStyleNonce={() => nonce}>
        <NoDesk />
      </MantineProvider>
    )}
  </StrictMode>,
);
