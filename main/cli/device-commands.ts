/** devices: the trusted devices of an account, and pairing by QR. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { DeviceView, PairingView } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import { chooseAccount } from './account-commands.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { interruptible } from './interrupt.ts';
import { clean, moment, table } from './table.ts';
import { inWords } from './words.ts';

const usage =
  'devices [list] | pair --show | pair --challenge TEXT | --image FILE [--name NAME] [--yes] | rename DEVICE NAME | revoke DEVICE  [--account ACCOUNT]';

async function list(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id: accountId } = await chooseAccount(desk, args.text('account'));
  out.result(await desk.call('devices.list', { accountId }), ({ devices, code, readAt }) =>
    [
      devices.length === 0
        ? 'No device is paired.'
        : table(
            ['DEVICE', 'NAME', 'SINCE', ''],
            devices.map((d) => [
              d.deviceId,
              clean(d.name),
              d.registeredAt === undefined ? '' : moment(d.registeredAt),
              [d.thisComputer ? 'this computer' : '', d.revoking ? 'being revoked' : ''].filter(Boolean).join(', '),
            ]),
          ),
      ...(code === undefined ? [] : [`As of ${readAt === undefined ? 'before' : moment(readAt)}. ${inWords(code)}`]),
    ].join('\n'),
  );
  return 'done';
}

/** Shows what became of the pairing as it goes; resolves with how it ended. */
async function follow(desk: DeskAccess, accountId: string, shown: (view: PairingView) => void): Promise<PairingView> {
  const { promise, resolve } = Promise.withResolvers<PairingView>();
  let pairingId: string | undefined;
  const early: { pairingId: string; state: PairingView }[] = [];
  const hear = (news: { pairingId: string; state: PairingView }) => {
    if (pairingId === undefined) early.push(news);
    if (news.pairingId !== pairingId) return;
    shown(news.state);
    if (news.state.kind !== 'asking' && news.state.kind !== 'shown') resolve(news.state);
  };
  const off = desk.on('devices.pairing', hear);
  const stop = () => {
    if (pairingId !== undefined) void desk.call('devices.stopPairing', { pairingId }).catch(() => undefined);
  };
  try {
    return await interruptible(stop, async () => {
      ({ pairingId } = await desk.call('devices.startPairing', { accountId }));
      for (const news of early.splice(0)) hear(news);
      return promise;
    });
  } finally {
    off();
  }
}

async function show(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id: accountId, label } = await chooseAccount(desk, args.text('account'));
  const { drawQr } = await import('./qr-terminal.ts');
  const colours = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  let drawn: string | undefined;
  const ended = await follow(desk, accountId, (view) => {
    if (view.kind !== 'shown' || view.text === drawn) return;
    drawn = view.text;
    if (out.json) process.stdout.write(`${JSON.stringify({ challenge: view.text, expiresAt: view.expiresAt })}\n`);
    out.say(drawQr(view.text, colours));
    out.say(
      `Scan this with the device that is to be trusted by ${clean(label)}. It is good until ${moment(view.expiresAt)}.`,
    );
  });
  switch (ended.kind) {
    case 'paired':
      out.result(ended.device, (device) => `Paired: ${clean(device.name)} (${clean(device.deviceId)}).`);
      return 'done';
    case 'expired':
      throw new CommandError('challenge-expired', 'The ten minutes are over. Run the command again for a new code.');
    case 'failed':
      throw new CommandError(ended.code, inWords(ended.code));
    default:
      throw new CommandError('cancelled', 'Stopped; the code is not good any more once another is asked for.');
  }
}

async function readChallenge(args: Arguments): Promise<string> {
  const image = args.text('image');
  if (image === undefined) return args.text('challenge') ?? '';
  const { readQr } = await import('./qr-image.ts');
  const text = await readQr(await readFile(image));
  if (text === undefined)
    throw new CommandError('qr-not-found', `There is no QR code in ${image} that can be read.`, 'input');
  return text;
}

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

async function pairThis(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const text = await readChallenge(args);
  const named = args.text('account');
  const account = named === undefined ? {} : { accountId: (await chooseAccount(desk, named)).id };
  const owner = await desk.call('devices.readChallenge', { text, ...account });
  const whose = `${clean(owner.userName)} at ${owner.host}`;
  if (!args.is('yes') && !(await confirmed(`The code is from ${whose}. Pair this computer with that account?`))) {
    throw new CommandError(
      'cancelled',
      `The code is from ${whose}. Nothing was sent; --yes pairs without asking.`,
      'usage',
    );
  }
  const { accountId } = owner;
  const name = args.text('name') ?? (await desk.call('devices.list', { accountId })).computerName;
  const { device } = await desk.call('devices.pairThis', { text, name, accountId });
  out.result(device, (d) => `This computer is paired with ${whose} as ${clean(d.name)}.`);
  return 'done';
}

async function pair(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const given = [args.is('show'), args.text('challenge') !== undefined, args.text('image') !== undefined];
  if (given.filter(Boolean).length !== 1) throw new CommandError('bad-input', usage, 'usage');
  return args.is('show') ? show(desk, args, out) : pairThis(desk, args, out);
}

/** A device by its id, its name, or an unambiguous beginning of its id. */
async function findDevice(desk: DeskAccess, accountId: string, given: string): Promise<DeviceView> {
  const { devices } = await desk.call('devices.list', { accountId });
  const exact = devices.filter(({ deviceId, name }) => deviceId === given || name === given);
  const found = exact.length > 0 ? exact : devices.filter(({ deviceId }) => deviceId.startsWith(given));
  const [only] = found;
  if (!only) throw new CommandError('not-found', `There is no device ${given}.`);
  if (found.length > 1)
    throw new CommandError('bad-input', `${given} names ${found.length} devices; give an id.`, 'usage');
  return only;
}

async function rename(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id: accountId } = await chooseAccount(desk, args.text('account'));
  const { deviceId } = await findDevice(desk, accountId, args.needed(1, usage));
  const name = args.needed(2, usage);
  await desk.call('devices.rename', { accountId, deviceId, name });
  out.result({ deviceId, name }, () => `It is called ${clean(name)} now.`);
  return 'done';
}

async function revoke(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id: accountId } = await chooseAccount(desk, args.text('account'));
  const { deviceId, name } = await findDevice(desk, accountId, args.needed(1, usage));
  await desk.call('devices.revoke', { accountId, deviceId });
  await desk.call('sync.now', { accountId });
  const rows = await desk.call('outbox.list', {});
  const left = rows.filter((row) => row.kind === 'device-revoked' && row.state !== 'confirmed');
  out.result({ deviceId, waiting: left }, () =>
    left.length === 0
      ? `${clean(name)} is not trusted any more.`
      : `Will be done. ${inWords(left[0]?.code ?? 'offline')}`,
  );
  return 'done';
}

const actions: Readonly<Record<string, Command>> = { list, pair, rename, revoke };

export const devices: Command = async (desk, args, out) => {
  const name = args.positional[0] ?? 'list';
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new CommandError('bad-input', usage, 'usage');
  return action(desk, args, out);
};
