/** The part of the provider port that is about trusted devices. Every method may throw ProviderError. */

export interface RemoteDevice {
  readonly deviceId: string;
  readonly name: string;
  /** Epoch milliseconds, where the provider says. */
  readonly registeredAt: number | undefined;
}

/** What a QR code carries from one session of a person to the device that is to be trusted. */
export interface DeviceChallenge {
  readonly userId: string;
  /** An address of the service; compared with the account's, never opened. */
  readonly baseUrl: string;
  readonly challenge: string;
}

export interface DeviceRegistry {
  list(signal?: AbortSignal): Promise<RemoteDevice[]>;
  /** A new challenge; the one before is void. */
  challenge(signal?: AbortSignal): Promise<DeviceChallenge>;
  /** Registers a device, or renames one that is there. Its token; undefined where the challenge is not good (any more). */
  register(
    device: { challenge: string; deviceId: string; name: string },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  registerPush(push: { deviceId: string; token: string }, signal?: AbortSignal): Promise<void>;
  clearPush(deviceId: string, signal?: AbortSignal): Promise<void>;
}
