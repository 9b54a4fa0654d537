import { FuseV1Options } from '@electron/fuses';
import { Packager } from 'app-builder-lib';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { describe, expect, it } from 'vitest';
import { project } from './packing.ts';

const read = () => getConfig(project, 'electron-builder.yml', null);
const { debugLogger } = new Packager({ projectDir: project });
const validate = (configuration: object) => validateConfiguration(configuration, debugLogger);

describe('electron-builder.yml', () => {
  it('is what electron-builder’s own schema accepts', async () => {
    await expect(validate(await read())).resolves.toBeUndefined();
  });

  it.each([
    ['an unknown key', { packJokes: true }],
    ['an unknown fuse', { electronFuses: { runAsWasm: false } }],
    ['a wrong kind of value', { asar: 'maybe' }],
  ])('would be refused with %s', async (_, mutant) => {
    await expect(validate({ ...(await read()), ...mutant })).rejects.toThrow(/Invalid configuration/);
  });

  it('sets every fuse the packing tool knows, but for the snapshot the app has not', async () => {
    const names = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
    const known = names.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
    const { electronFuses } = await read();
    expect(Object.keys(electronFuses ?? {}).toSorted()).toEqual(
      known.filter((name) => name !== 'loadBrowserProcessSpecificV8Snapshot').toSorted(),
    );
  });
});
