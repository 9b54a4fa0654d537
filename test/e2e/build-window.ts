/** Builds the window once before the specs, so that they see the source as it is. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export default async function buildWindow(): Promise<void> {
  const configFile = fileURLToPath(new URL('../../renderer/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn' });
}
