/** A SoftHSM token with one signer's certificate of a PKI, as most tests of the command line want it. */
import { issueSigner, type KeyType, type Pki } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken, type SoftHsmToken } from '../../sandbox/softhsm.ts';

export const PIN = '482913';
export const SO_PIN = '12345678';

interface SignerTokenOptions {
  readonly keyType?: KeyType;
  readonly pin?: string;
  /** The issuer's certificate is not on the token. */
  readonly alone?: boolean;
}

export async function createSignerToken(
  folder: string,
  pki: Pki,
  { keyType = 'p-256', pin = PIN, alone = false }: SignerTokenOptions = {},
): Promise<SoftHsmToken> {
  const { certificate, privateKey } = await issueSigner(pki, { name: 'me', commonName: 'Ilze Liepa', keyType });
  return createSoftHsmToken(folder, {
    ...{ label: 'Card', pin, soPin: SO_PIN },
    signers: [{ label: 'me', id: '01', certificate, privateKey }],
    ...(alone ? {} : { chain: [pki.issuing.certificate] }),
  });
}
