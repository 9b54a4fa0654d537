import { createHash, verify, X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPki, issueStandardSigners, type Pki, type Signer } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken, findSoftHsmModule, openSoftHsmToken, type SoftHsmToken } from '../../sandbox/softhsm.ts';
import { openWorkshop, run, type Workshop } from './openssl.ts';

const missing = (await findSoftHsmModule()) === undefined;

describe.skipIf(missing)('a SoftHSM token of the sandbox (needs softhsm2 and opensc)', () => {
  let shop: Workshop;
  let pki: Pki;
  let signers: Awaited<ReturnType<typeof issueStandardSigners>>;
  let token: SoftHsmToken;

  const entry = (label: string, id: string, { certificate, privateKey }: Signer) => ({
    label,
    id,
    certificate,
    privateKey,
  });
  const request = (label: string) => ({
    label,
    pin: '123456',
    soPin: '87654321',
    signers: [entry('alice rsa', '01', signers.rsa), entry('alice ec', 'a2', signers.ec)],
    chain: [pki.issuing.certificate],
  });

  beforeAll(async () => {
    shop = await openWorkshop();
    pki = await createPki({ now: Date.UTC(2026, 5, 1) });
    signers = await issueStandardSigners(pki);
    token = await createSoftHsmToken(shop.dir, request('Alice'));
  });
  afterAll(() => shop.remove());

  const tool = (of: SoftHsmToken, pin: string, ...args: string[]) => {
    const login = ['--module', of.modulePath, '--token-label', of.tokenLabel, '--login', '--pin', pin];
    return run('pkcs11-tool', [...login, ...args], of.env);
  };

  it('shows the token information that PKCS#11 gives', async () => {
    const { output } = await run('pkcs11-tool', ['--module', token.modulePath, '--list-slots'], token.env);
    expect(output).toContain(`serial num         : ${token.serialNumber}\n`);
    expect(token).toMatchObject({ tokenLabel: 'Alice', manufacturerId: 'SoftHSM project', model: 'SoftHSM v2' });
    expect(token.serialNumber).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['rsa', '01', 'SHA256-RSA-PKCS', (data: Buffer) => data],
    ['ec', 'a2', 'ECDSA', (data: Buffer) => createHash('sha256').update(data).digest()],
  ] as const)('signs with the %s key, by the certificate it carries', async (name, id, mechanism, toInput) => {
    const data = Buffer.from('what the key signs');
    const input = await shop.put('input', toInput(data));
    const output = join(shop.dir, 'signature');
    const sign = ['--sign', '--id', id, '-m', mechanism, '--input-file', input, '--output-file', output];
    expect(await tool(token, '123456', ...sign)).toMatchObject({ code: 0 });
    const certificate = join(shop.dir, 'read.der');
    await tool(token, '123456', '--read-object', '--type', 'cert', '--id', id, '--output-file', certificate);
    const bytes = await readFile(certificate);
    expect(new Uint8Array(bytes)).toEqual(signers[name].certificate);
    const key = { key: new X509Certificate(bytes).publicKey, dsaEncoding: 'ieee-p1363' as const };
    const signature = await readFile(output);
    expect(verify('sha256', data, key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('something else'), key, signature)).toBe(false);
  });

  it('carries the issuer and refuses a wrong PIN', async () => {
    expect((await tool(token, '123456', '--list-objects')).output).toContain('Sandbox Issuing CA');
    const wrong = await tool(token, '654321', '--list-objects');
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain('CKR_PIN_INCORRECT');
    expect((await tool(token, '123456', '--list-objects')).code).toBe(0);
  });

  it('is found again, beside others in the same folder, and its label is taken', async () => {
    const other = await createSoftHsmToken(shop.dir, { ...request('Bob & Co'), chain: [] });
    expect(other.serialNumber).not.toBe(token.serialNumber);
    expect(await openSoftHsmToken(shop.dir, 'Alice')).toEqual(token);
    expect(await openSoftHsmToken(shop.dir, 'Bob & Co')).toEqual(other);
    expect(await openSoftHsmToken(shop.dir, 'Nobody')).toBeUndefined();
    await expect(createSoftHsmToken(shop.dir, request('Alice'))).rejects.toMatchObject({ code: 'label-taken' });
  });

  it('is made anew where its making was interrupted', async () => {
    const first = await createSoftHsmToken(shop.dir, { ...request('Cut off'), signers: [] });
    await rm(join(shop.dir, 'Cut%20off.ready'));
    expect(await openSoftHsmToken(shop.dir, 'Cut off')).toBeUndefined();
    const second = await createSoftHsmToken(shop.dir, request('Cut off'));
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect((await tool(second, '123456', '--list-objects')).output).toContain('alice rsa');
  });

  it('leaves no private key in the folder outside the token', async () => {
    const names = await readdir(shop.dir);
    expect(names.filter((name) => name.startsWith('making-'))).toEqual([]);
  });

  it('refuses a key id that is no hex, and a folder it may not write into', async () => {
    const bad = { ...request('Bad'), signers: [entry('x', 'zz', signers.ec)] };
    await expect(createSoftHsmToken(shop.dir, bad)).rejects.toMatchObject({ code: 'bad-id' });
    const file = await shop.put('a-file', 'x');
    await expect(createSoftHsmToken(join(file, 'below'), request('Bad'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
