/** Leave to use the camera while a code is being read: it ends by itself, whatever becomes of the page that asked for it. */

/** A page that goes on reading asks again. */
export const LEASE_MS = 2 * 60 * 1000;

export interface CameraLease {
  readonly allowed: boolean;
  allow(on: boolean): void;
}

/** @param changed told when it is given, and when it ends */
export function createCameraLease(changed: (allowed: boolean) => void = () => undefined): CameraLease {
  let ending: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(ending);
    ending = undefined;
  };
  return {
    get allowed() {
      return ending !== undefined;
    },
    allow(on) {
      const before = ending !== undefined;
      end();
      if (on) {
        ending = setTimeout(() => {
          end();
          changed(false);
        }, LEASE_MS);
        ending.unref();
      }
      if (on !== before) changed(on);
    },
  };
}
