/** The person's settings; the file of certificates for TLS is chosen in the host's dialog. */
import { countCertificates } from '../platform/ca-file.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type SettingCalls = Pick<Handlers, 'settings.get' | 'settings.change' | 'settings.chooseCaFile'>;

export function settingHandlers({ host, settings }: Pick<Rooms, 'host' | 'settings'>): SettingCalls {
  async function change(wanted: unknown) {
    const changed = await settings.change(wanted);
    if (!changed) throw new CallError('bad-setting');
    return changed;
  }

  return {
    'settings.get': async () => settings.get(),
    'settings.change': change,
    'settings.chooseCaFile': async () => {
      const caFile = await host.choosePath();
      if (caFile === undefined) return {};
      // A file without certificates would be passed over in silence at the next start.
      if ((await countCertificates(caFile)) === 0) throw new CallError('no-certificates');
      await change({ caFile });
      return { caFile };
    },
  };
}
