/**
 * `npm run sandbox`: the whole sandbox for anyone who integrates, until Ctrl+C. Nothing is left then, but with --keep DIR.
 *
 *   --keep DIR      state, keys and token in DIR, to go on there
 *   --json          what to know as one JSON object
 *   --with-parent   end when standard input does, as it does with the process that started this one
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../main/platform/clock.ts';
import { skewableClock, startControl } from './control.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: { keep: { type: 'string' }, json: { type: 'boolean' }, 'with-parent': { type: 'boolean' } },
});
const PASSWORD = 'sandbox-password';

/** Who is there besides the demo's people, for the roles an integrator tries. */
function addPeople({ signingToday: { state } }: Sandbox): void {
  const known = new Set(state.ledger.directory.users.map(({ user }) => user.username));
  const add = (username: string, name: string, role: 'admin' | 'instructor', automatic = false) => {
    if (!known.has(username)) {
      state.addUser({ username, password: PASSWORD, name, surname: 'Sandbox', role, automatic });
    }
  };
  add('admin', 'Alma', 'admin');
  add('preparer', 'Paula', 'instructor');
  add('robot', 'Robot', 'instructor', true);
}

function facts(sandbox: Sandbox, controlUrl: string, dir: string) {
  const { username, password, clientId, clientSecret, token, pin } = sandbox;
  return {
    signingToday: sandbox.baseUrl,
    signIn: { username, password, clientId, clientSecret },
    others: ['admin@demo', 'preparer@demo', 'robot@demo', 'janis@demo', 'ilze@demo'].map((name) => ({
      username: name,
      password: PASSWORD,
    })),
    saml: { domain: 'demo', key: sandbox.signingToday.state.samlKey },
    timestamps: sandbox.timestampUrl,
    revocation: sandbox.revocationUrl,
    root: sandbox.rootPemPath,
    token: { label: token.tokenLabel, pin, modulePath: token.modulePath, environment: token.env },
    control: controlUrl,
    folder: dir,
  };
}

function describe(found: ReturnType<typeof facts>): string {
  const { signIn, token } = found;
  const people = found.others.map(({ username }) => username).join(' ');
  return [
    `Signing Today     ${found.signingToday}`,
    `  sign in as      ${signIn.username}   password ${signIn.password}`,
    `  client          ${signIn.clientId}   secret ${signIn.clientSecret}`,
    `  others          ${people}   password ${PASSWORD}`,
    `  SAML            domain ${found.saml.domain}   HMAC key ${found.saml.key}`,
    `Timestamps        ${found.timestamps}   (RFC 3161)`,
    `OCSP and CRL      ${found.revocation}`,
    `Root certificate  ${found.root}`,
    `Token             ${token.label}   PIN ${token.pin}   ${Object.entries(token.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    '',
    `Misbehaviour      ${found.control}   (GET / lists what it can be told)`,
    `  curl -d '{"kind":"status","status":503,"times":3}' ${found.control}/misbehave`,
    `  curl -d '{"kind":"delay","ms":5000,"for":"^/DST"}' ${found.control}/misbehave`,
    `  curl -X POST ${found.control}/expire-tokens`,
    '',
    'Ctrl+C ends it.',
  ].join('\n');
}

const dir = values.keep === undefined ? await mkdtemp(join(tmpdir(), 'countersign-sandbox-')) : resolve(values.keep);
const removeFolder = () => (values.keep === undefined ? rm(dir, { recursive: true, force: true }) : undefined);
const ending = new Promise<void>((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  if (values['with-parent']) process.stdin.on('end', done).on('error', done).resume();
});
try {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const clock = skewableClock(systemClock);
  const sandbox = await startSandbox(dir, clock);
  addPeople(sandbox);
  const control = await startControl({ server: () => sandbox.signingToday, clock });
  const found = facts(sandbox, control.url, dir);
  console.log(values.json ? JSON.stringify(found) : describe(found));
  await ending;
  await control.stop();
  await sandbox.stop();
} finally {
  await removeFolder();
}
