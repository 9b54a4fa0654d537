/** Trusted devices of the person's accounts: list, pair a phone, pair this computer, rename, revoke. */
import type { Account, DeviceView, PairingView } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { DeviceRegistry, ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { findOwner } from './challenge-owner.ts';
import { formatChallenge, parseChallenge } from './challenge-text.ts';
import { type Installation, type KnownDevices, openInstallation } from './installation.ts';
import type { PairingState } from './pairing.ts';
import { runPairing } from './run-pairing.ts';

export type DevicesErrorCode =
  | 'not-found'
  | 'devices-unsupported'
  | 'challenge-unreadable'
  | 'challenge-foreign'
  | 'challenge-other-person'
  | 'challenge-refused';

export class DevicesError extends Error {
  readonly code: DevicesErrorCode;
  constructor(code: DevicesErrorCode) {
    super(`devices: ${code}`);
    this.name = 'DevicesError';
    this.code = code;
  }
}

export interface DevicesParts {
  readonly store: Pick<Store, 'accounts' | 'setting' | 'saveSetting' | 'outbox' | 'commitChange'>;
  /** The account's session; rejects with ProviderError. */
  readonly session: (accountId: string) => Promise<ProviderSession>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** What this computer is called where the person names it nothing else. */
  readonly computerName: string;
  readonly pairingChanged: (pairingId: string, state: PairingView) => void;
  readonly devicesChanged: (accountId: string) => void;
  /** Something waits in the outbox. */
  readonly committed: () => void;
}

export interface DeviceList {
  readonly devices: readonly DeviceView[];
  /** When they were read, epoch milliseconds; undefined where they never were. */
  readonly readAt: number | undefined;
  /** Why they could not be read now; the list is the last one known. */
  readonly code: string | undefined;
  readonly computerName: string;
}

/** A challenge that was read, and whose it is: shown before anything is sent. */
export interface ChallengeOwner {
  readonly accountId: string;
  readonly accountLabel: string;
  readonly userName: string;
  readonly host: string;
}

export interface Devices {
  /** @throws DevicesError not-found, devices-unsupported; ProviderError where they are not known from before either */
  list(accountId: string): Promise<DeviceList>;
  /** Shows a challenge and waits for its device; `pairingChanged` tells what becomes of it. One that is under way for the account ends. */
  startPairing(accountId: string): Promise<string>;
  stopPairing(pairingId: string): void;
  /** @throws DevicesError challenge-* */
  readChallenge(text: string, accountId?: string): Promise<ChallengeOwner>;
  /** Registers this computer. `push`: whether notifications were arranged for it, too. @throws DevicesError, ProviderError */
  pairThis(
    text: string,
    name: string,
    accountId?: string,
  ): Promise<{ device: DeviceView; accountId: string; push: boolean }>;
  /** @throws DevicesError, ProviderError */
  rename(accountId: string, deviceId: string, name: string): Promise<void>;
  /** Takes a device's trust away: an outbox row, so it can be done without a network. @throws DevicesError not-found */
  revoke(accountId: string, deviceId: string): Promise<void>;
  /** Before signing out: this computer gets no notifications any more. Trouble with the provider is no error. */
  clearPush(accountId: string): Promise<void>;
  /** Forgets what is kept of an account. */
  forget(accountId: string): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

/** How long signing out waits for the push token to go. */
const CLEAR_PUSH_MS = 5_000;

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
};

function toPairingView(
  state: PairingState,
  toView: (device: KnownDevices['devices'][number]) => DeviceView,
): PairingView {
  switch (state.kind) {
    case 'opening':
    case 'asking':
      return { kind: 'asking' };
    case 'shown': {
      const why = state.code === undefined ? {} : { code: state.code };
      return { kind: 'shown', text: formatChallenge(state.challenge), expiresAt: state.expiresAt, ...why };
    }
    case 'paired': {
      const { registeredAt, ...device } = state.device;
      return { kind: 'paired', device: toView({ ...device, ...(registeredAt === undefined ? {} : { registeredAt }) }) };
    }
    case 'failed':
      return { kind: 'failed', code: state.code };
    case 'expired':
    case 'stopped':
      return { kind: state.kind };
  }
}

export function createDevices(parts: DevicesParts): Devices {
  const { store, clock, newId } = parts;
  const installation: Installation = openInstallation(store, () => `countersign-${newId()}`);
  const pairings = new Map<string, { accountId: string; ending: AbortController; ended: Promise<unknown> }>();

  async function accountOf(accountId: string): Promise<Account> {
    const account = (await store.accounts()).find(({ id }) => id === accountId);
    if (!account) throw new DevicesError('not-found');
    return account;
  }

  async function registryOf(accountId: string): Promise<DeviceRegistry> {
    await accountOf(accountId);
    const { devices } = await parts.session(accountId);
    if (!devices) throw new DevicesError('devices-unsupported');
    return devices;
  }

  async function revoking(accountId: string): Promise<Set<string>> {
    const rows = await store.outbox({ unconfirmed: true });
    const own = rows.filter((row) => row.accountId === accountId && row.kind === 'device-revoked');
    return new Set(own.map((row) => (JSON.parse(row.change) as { remoteId: string }).remoteId));
  }

  async function viewer(accountId: string) {
    const [own, leaving] = await Promise.all([installation.deviceId(), revoking(accountId)]);
    return (device: KnownDevices['devices'][number]): DeviceView => ({
      ...device,
      thisComputer: device.deviceId === own,
      revoking: leaving.has(device.deviceId),
    });
  }

  async function readNow(accountId: string, registry: DeviceRegistry): Promise<KnownDevices> {
    const devices = (await registry.list()).map(({ registeredAt, ...device }) => ({
      ...device,
      ...(registeredAt === undefined ? {} : { registeredAt }),
    }));
    const known = { readAt: clock.now(), devices };
    await installation.saveKnown(accountId, known);
    return known;
  }

  /** Registers by a challenge and reads the list back. @throws DevicesError challenge-refused */
  async function register(
    accountId: string,
    registry: DeviceRegistry,
    device: { challenge: string; deviceId: string; name: string },
  ) {
    const token = await registry.register(device);
    if (token === undefined) throw new DevicesError('challenge-refused');
    await readNow(accountId, registry).catch(() => undefined);
    parts.devicesChanged(accountId);
    return token;
  }

  async function owned(text: string, accountId: string | undefined) {
    const read = parseChallenge(text);
    if (!read) throw new DevicesError('challenge-unreadable');
    const owner = findOwner(read, await store.accounts(), accountId);
    if (owner.kind === 'foreign') throw new DevicesError('challenge-foreign');
    if (owner.kind === 'other-person') throw new DevicesError('challenge-other-person');
    return { account: owner.account, challenge: read.challenge };
  }

  /** This computer hears of what happens by polling; the token keeps its place in the provider's list of receivers. */
  async function arrangePush(registry: DeviceRegistry, deviceId: string, pushToken: string): Promise<boolean> {
    try {
      await registry.registerPush({ deviceId, token: pushToken });
      return true;
    } catch {
      return false;
    }
  }

  function endPairings(which: (pairing: { accountId: string }, id: string) => boolean): Promise<unknown>[] {
    const ended = [...pairings].filter(([id, pairing]) => which(pairing, id)).map(([, pairing]) => pairing);
    for (const { ending } of ended) ending.abort();
    return ended.map((pairing) => pairing.ended);
  }

  return {
    async list(accountId) {
      const registry = await registryOf(accountId);
      let code: string | undefined;
      let known: KnownDevices | undefined;
      try {
        known = await readNow(accountId, registry);
      } catch (error) {
        code = codeOf(error);
        known = await installation.known(accountId);
        if (!known) throw error;
      }
      const toView = await viewer(accountId);
      return { devices: known.devices.map(toView), readAt: known.readAt, code, computerName: parts.computerName };
    },

    async startPairing(accountId) {
      const registry = await registryOf(accountId);
      const toView = await viewer(accountId);
      endPairings((pairing) => pairing.accountId === accountId);
      const pairingId = newId();
      const ending = new AbortController();
      const entered = (state: PairingState) => {
        parts.pairingChanged(pairingId, toPairingView(state, toView));
        if (state.kind === 'paired') parts.devicesChanged(accountId);
      };
      // After the answer: whoever asked knows the id by the first news.
      const ended = Promise.resolve()
        .then(() => runPairing({ registry, clock, signal: ending.signal, entered }))
        .finally(() => pairings.delete(pairingId));
      pairings.set(pairingId, { accountId, ending, ended });
      return pairingId;
    },

    stopPairing(pairingId) {
      endPairings((_pairing, id) => id === pairingId);
    },

    async readChallenge(text, accountId) {
      const { account } = await owned(text, accountId);
      const { id, label, userName, baseUrl } = account;
      return { accountId: id, accountLabel: label, userName, host: new URL(baseUrl).host };
    },

    async pairThis(text, name, accountId) {
      const { account, challenge } = await owned(text, accountId);
      const registry = await registryOf(account.id);
      const deviceId = await installation.deviceId();
      const token = await register(account.id, registry, { challenge, deviceId, name });
      const pushToken = (await installation.registration(account.id))?.pushToken ?? newId();
      const push = await arrangePush(registry, deviceId, pushToken);
      await installation.saveRegistration(account.id, { token, ...(push ? { pushToken } : {}) });
      const device = { deviceId, name, thisComputer: true, revoking: false, registeredAt: clock.now() };
      return { device, accountId: account.id, push };
    },

    async rename(accountId, deviceId, name) {
      const registry = await registryOf(accountId);
      const known = await readNow(accountId, registry);
      if (!known.devices.some((device) => device.deviceId === deviceId)) throw new DevicesError('not-found');
      const { challenge } = await registry.challenge();
      await register(accountId, registry, { challenge, deviceId, name });
    },

    async revoke(accountId, deviceId) {
      await accountOf(accountId);
      const known = await installation.known(accountId);
      const device = known?.devices.find((each) => each.deviceId === deviceId);
      if (!device) throw new DevicesError('not-found');
      if ((await revoking(accountId)).has(deviceId)) return;
      const key = newId();
      const change = { kind: 'device-revoked' as const, key, remoteId: deviceId, name: device.name };
      await store.commitChange(
        {
          id: key,
          accountId,
          transactionId: undefined,
          kind: change.kind,
          change: JSON.stringify(change),
          createdAt: clock.now(),
          jobId: undefined,
        },
        {},
      );
      if (deviceId === (await installation.deviceId())) await installation.saveRegistration(accountId, undefined);
      parts.devicesChanged(accountId);
      parts.committed();
    },

    async clearPush(accountId) {
      const registration = await installation.registration(accountId);
      if (registration?.pushToken === undefined) return;
      try {
        const registry = await registryOf(accountId);
        await registry.clearPush(await installation.deviceId(), AbortSignal.timeout(CLEAR_PUSH_MS));
      } catch {
        // The provider drops it with the device, or when it is registered anew.
      }
      await installation.saveRegistration(accountId, { token: registration.token });
    },

    async forget(accountId) {
      await Promise.all(endPairings((pairing) => pairing.accountId === accountId));
      await installation.saveRegistration(accountId, undefined);
      await installation.saveKnown(accountId, undefined);
    },

    async stop() {
      await Promise.all(endPairings(() => true));
    },
  };
}
