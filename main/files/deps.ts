/** What the room of files is given. */
import type { TimestampOutcome, ToStamp, ValidationDataCollector } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Remote } from '../platform/worker-rpc.ts';
import type { Engine } from '../signing/index.ts';
import type { Tokens } from '../tokens/tokens.ts';
import type { FilesEvent } from './files.ts';
import type { OpenFilesDeps } from './open-files.ts';

export interface FilesDeps extends OpenFilesDeps {
  readonly engine: Remote<Engine>;
  readonly tokens: Tokens;
  readonly timestamp: (stamped: ToStamp, signal?: AbortSignal) => Promise<TimestampOutcome>;
  readonly collector: ValidationDataCollector;
  /** DER. */
  readonly anchors: () => readonly Uint8Array[];
  readonly hasAuthority: () => boolean;
  readonly commonNameOf: (certificate: Uint8Array) => string;
  readonly clock: Clock;
  readonly emit: (event: FilesEvent) => void;
}
