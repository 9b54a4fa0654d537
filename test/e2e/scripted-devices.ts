/** The devices of a scripted desk. */
import type { CallName, CallOutput, EventName, EventPayload, ParsedInput } from '../../preload/contract.ts';
import type { DeviceView } from '../../preload/model.ts';

export interface ScriptedDevices {
  readonly devices?: readonly DeviceView[];
  /** Why they cannot be read. */
  readonly code?: string;
  /** The one text that is a challenge of the account's. */
  readonly challenge?: string;
  readonly camera?: boolean;
}

type Handlers = { readonly [N in CallName]?: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };
type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export const scriptedPairing = 'pairing-1';
export const scriptedCode = JSON.stringify({
  userId: '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4',
  baseURL: 'https://signing.example/api/challenge',
  challenge: '2a12618a-4128-11ea-b77f-2e728ce88125',
});

export function scriptedDevices(script: ScriptedDevices, emit: Emit, refusal: (code: string) => Error): Handlers {
  let devices = [...(script.devices ?? [])];
  const changed = () => emit('devices.changed', { accountId: 'account-1' });
  return {
    'devices.list': () => ({
      devices,
      readAt: Date.now(),
      computerName: 'front-desk',
      ...(script.code === undefined ? {} : { code: script.code }),
    }),
    'devices.startPairing': () => {
      const expiresAt = Date.now() + 10 * 60_000;
      setImmediate(() =>
        emit('devices.pairing', {
          pairingId: scriptedPairing,
          state: { kind: 'shown', text: scriptedCode, expiresAt },
        }),
      );
      return { pairingId: scriptedPairing };
    },
    'devices.stopPairing': () => ({}),
    'devices.readChallenge': ({ text }) => {
      if (text !== script.challenge) throw refusal('challenge-foreign');
      return { accountId: 'account-1', accountLabel: 'Work', userName: 'Marta Kalniņa', host: 'signing.example' };
    },
    'devices.pairThis': ({ name }) => {
      const device = { deviceId: 'this', name, registeredAt: Date.now(), thisComputer: true, revoking: false };
      devices = [...devices, device];
      changed();
      return { accountId: 'account-1', device, push: true };
    },
    'devices.rename': ({ deviceId, name }) => {
      devices = devices.map((device) => (device.deviceId === deviceId ? { ...device, name } : device));
      return {};
    },
    'devices.revoke': ({ deviceId }) => {
      devices = devices.map((device) => (device.deviceId === deviceId ? { ...device, revoking: true } : device));
      changed();
      return {};
    },
    'devices.camera': () => ({ allowed: script.camera ?? false }),
  };
}
