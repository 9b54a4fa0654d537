/** Starts the window. */
import '@mantine/core/styles.css';
import './ui/tokens.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { findBridge } from './bridge.ts';
import { BridgeProvider, createQueryClient } from './desk.tsx';
import { startI18n } from './i18n/i18n.ts';
import { cssVariables, theme } from './theme.ts';
import { AnnouncerProvider } from './ui/announcer.tsx';
import { NoDesk } from './ui/no-desk.tsx';

const nonce = document.querySelector<HTMLMetaElement>('#style-nonce')?.nonce ?? '';
// Where libraries that make styles at run time (react-remove-scroll by get-nonce) look for the nonce.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = document.querySelector('#root');
if (!root) throw new Error('the page has no root');
const bridge = findBridge(window);
await startI18n();

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      {bridge ? (
        <BridgeProvider bridge={bridge}>
          <QueryClientProvider client={createQueryClient()}>
            <AnnouncerProvider>
              <App />
            </AnnouncerProvider>
          </QueryClientProvider>
        </BridgeProvider>
      ) : (
        <NoDesk />
      )}
    </MantineProvider>
  </StrictMode>,
);
