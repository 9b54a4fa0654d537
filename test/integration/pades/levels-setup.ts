/** A PKI that is asked over HTTP, its timestamp authority, and signatures raised to a level. */
import { assembleCms, bufferSource, fillGap, prepareSignature, type SignatureSpec } from '../../../main/pades/index.ts';
import {
  createChainBuilder,
  createMemoryCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
} from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import { raiseBySteps } from '../../../main/signing/raise-level.ts';
import { raiseSteps } from '../../../main/signing/raise-steps.ts';
import type { RaisedLevel, RaiseTools } from '../../../main/signing/raising.ts';
import {
  issueSigner,
  type Pki,
  privateKeyOf,
  type SandboxRevocationServer,
  type SandboxTimestampAuthority,
  type Signer,
  startServedPki,
  startTimestampAuthority,
} from '../../sandbox/pki/index.ts';
import { signWith } from '../../unit/pades/credentials.ts';

export interface LevelsBench {
  readonly pki: Pki;
  readonly server: SandboxRevocationServer;
  readonly authority: SandboxTimestampAuthority;
  readonly signer: Signer;
  readonly tools: RaiseTools;
  /** A signature, with a timestamp unless told otherwise. */
  sign(base: Uint8Array, more?: Partial<SignatureSpec> & { stamped?: boolean; signer?: Signer }): Promise<Buffer>;
  raise(file: Uint8Array, level: RaisedLevel, more?: Partial<RaiseTools>, password?: string): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openLevelsBench(): Promise<LevelsBench> {
  const { pki, server } = await startServedPki(Date.now());
  const authority = await startTimestampAuthority(pki, { clock: systemClock });
  const http = createHttp();
  const signer = await issueSigner(pki, { name: 'me', commonName: 'Anna', keyType: 'p-256' });
  const pool = createTimestampPool({ urls: () => [authority.url], http, clock: systemClock, timeoutMs: 20_000 });
  const net = { http, clock: systemClock, cache: createMemoryCache(), timeoutMs: 20_000 };
  const tools: RaiseTools = {
    timestamp: (stamped, signal) => pool.timestamp(stamped, signal),
    collector: createValidationDataCollector(createChainBuilder(net), createRevocationClient(net)),
    anchors: [pki.root.certificate],
    clock: systemClock,
  };
  return {
    pki,
    server,
    authority,
    signer,
    tools,
    async sign(base, { stamped = true, signer: own = signer, ...more } = {}) {
      const { certificate } = own;
      const scheme = more.scheme ?? (own.keyType.startsWith('p-') ? 'ecdsa-sha256' : 'rsa-pkcs1-sha256');
      const chain = [pki.issuing.certificate];
      const prepared = await prepareSignature(bufferSource(base), {
        certificate,
        chain,
        scheme,
        signedAt: Date.now(),
        reason: undefined,
        location: undefined,
        field: { kind: 'new-invisible' },
        appearanceLines: [],
        timestampReserveBytes: stamped ? 8192 : 0,
        ...more,
      });
      const { signedAttributes } = prepared;
      const signature = signWith(privateKeyOf(own), scheme, signedAttributes);
      const outcome = stamped ? await pool.timestamp(signature) : undefined;
      if (outcome?.kind === 'unavailable') throw new Error(outcome.code);
      const parts = { signedAttributes, signature, scheme, certificate, chain } as const;
      const cms = assembleCms(outcome ? { ...parts, timestampToken: outcome.token } : parts);
      return Buffer.concat([base, fillGap(prepared.increment, prepared.gap, cms)]);
    },
    async raise(file, level, more = {}, password) {
      return Buffer.concat([
        file,
        await raiseBySteps(raiseSteps(bufferSource(file), password), level, { ...tools, ...more }),
      ]);
    },
    async close() {
      await http.close();
      await authority.stop();
      await server.stop();
    },
  };
}
