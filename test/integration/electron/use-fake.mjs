/** Resolves `electron` to the stand-in beside this file. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./fake-electron.mjs', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
