import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, redact } from '../../../main/platform/logger.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secret = 'Tr0ub4dor&3';

describe('the log', () => {
  // Every write to this device fails as on a full disk.
  it.skipIf(process.platform !== 'linux')('on a full disk ends nothing (needs /dev/full)', () => {
    const log = createLogger({ destination: '/dev/full', level: 'info' });
    expect(() => log.error('failed', { where: 'here' })).not.toThrow();
    expect(() => log.info('again')).not.toThrow();
  });

  it.each([
    ['authorization header', { headers: { Authorization: `Bearer ${secret}` } }],
    ['password', { password: secret }],
    ['PIN', { session: { pin: secret } }],
    ['access and refresh token', { credentials: { accessToken: secret, refresh_token: secret } }],
    ['token within an array', { accounts: [{ deep: { accessToken: secret } }] }],
    ['client secret', { CLIENT_SECRET: secret, clientSecret: secret }],
    ['personal code', { signer: { personalCode: secret, 'fiscal-code': secret } }],
    ['error message', { err: new Error(`server said ${secret}`) }],
    ['error cause', { err: new Error('outer', { cause: new Error(secret) }) }],
    ['error under another name', { reason: { inner: new Error(secret) } }],
    ['bearer token in a text', { line: `Authorization: Bearer ${secret.replace('&', '.')}` }],
    ['bytes', { file: Buffer.from(secret), view: new Uint8Array(Buffer.from(secret)) }],
  ])('holds no secret: %s', async (_name, fields) => {
    const destination = join(folder, 'logs', 'log');
    const log = createLogger({ destination, level: 'debug' });
    log.info('something happened', fields);
    log.child(fields).error('again');
    await log.close();
    const text = await readFile(destination, 'utf8');
    expect(text).toContain('something happened');
    expect(text).toContain('again');
    expect(text).not.toContain('Tr0ub4dor');
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
    expect(text).not.toContain(String([...Buffer.from(secret)].slice(0, 4)));
  });

  it('keeps what helps: event, level, plain fields, codes and frames of errors', async () => {
    const destination = join(folder, 'log');
    const log = createLogger({ destination, level: 'info' });
    log.debug('not at this level');
    log.child({ accountId: 'a1' }).warn('pull failed 100%s', {
      err: Object.assign(new Error('words'), { code: 'offline', status: 503 }),
      tokenId: 'Bit4id/743',
    });
    await log.close();
    const lines = (await readFile(destination, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({
      level: 'warn',
      event: 'pull failed 100%s',
      accountId: 'a1',
      tokenId: 'Bit4id/743',
      err: { name: 'Error', code: 'offline', status: 503 },
    });
    expect(line.err.frames[0]).toMatch(/^at /);
  });

  it.skipIf(process.platform === 'win32')('is readable by its owner alone', async () => {
    const destination = join(folder, 'log');
    const log = createLogger({ destination, level: 'info' });
    log.info('x');
    await log.close();
    expect((await stat(destination)).mode & 0o777).toBe(0o600);
  });

  it('writes nothing when silent', async () => {
    const destination = join(folder, 'log');
    const log = createLogger({ destination, level: 'silent' });
    log.error('x');
    await log.close();
    await expect(stat(destination)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('survives cycles', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(redact(loop))).toContain('[deep]');
  });
});
