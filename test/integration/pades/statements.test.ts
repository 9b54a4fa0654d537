import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitments, listSignatures } from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { coveredBy, openSoftSigner, pdfLibFile, type SoftSigner } from './soft-signer.ts';

let signer: SoftSigner;
beforeAll(async () => {
  signer = await openSoftSigner();
});
afterAll(() => signer.close());

const hash = createHash('sha256').update('the policy').digest();
const statements = {
  commitment: commitments.approval,
  location: { country: 'LV', locality: 'Jelgava', postalAddress: ['Lielā iela 2', 'LV-3001'] },
  policy: {
    id: '1.3.6.1.4.1.99999.1',
    hash: { algorithm: 'sha256', value: hash },
    uri: 'https://policies.example/1',
  },
} as const;
const sign = async () => (await signer.sign(await pdfLibFile(false), { statements, reason: undefined })).pdf;
const validated = (pdf: Uint8Array) => validatePdf(bufferSource(pdf), { anchors: [], at: Date.now() });

describe('a signature with commitment, location and policy', () => {
  it('is valid for openssl, pdfsig and ourselves', async () => {
    const pdf = await sign();
    await signer.expectAccepted(pdf, 1);
    expect(await validated(pdf)).toMatchObject({ valid: true, signatures: [{ cms: 'valid', level: 'B-B' }] });
  });

  it('has them under the names openssl knows', async () => {
    const [found] = await listSignatures(bufferSource(await sign()));
    const read = await signer.judges.asn1(found?.contents ?? new Uint8Array(0));
    for (const name of [
      'id-smime-aa-ets-commitmentType',
      'id-smime-cti-ets-proofOfApproval',
      'id-smime-aa-ets-signerLocation',
      'Jelgava',
      'id-smime-aa-ets-sigPolicyId',
      hash.toString('hex').toUpperCase(),
      'id-smime-spq-ets-sqt-uri',
      'https://policies.example/1',
    ]) {
      expect(read).toContain(name);
    }
  });

  it('is valid no more once the location stated is another', async () => {
    const pdf = await sign();
    const at = pdf.indexOf(Buffer.from('Jelgava').toString('hex'));
    expect(at).toBeGreaterThan(0);
    pdf.write(Buffer.from('Jurmala').toString('hex'), at, 'latin1');
    const [found] = await listSignatures(bufferSource(pdf));
    if (!found) throw new Error('no signature');
    expect(await signer.judges.opensslAccepts(found.contents, coveredBy(pdf, found))).toBe(false);
    expect(await validated(pdf)).toMatchObject({ valid: false, signatures: [{ cms: 'invalid' }] });
  });
});
