/** Programs' accounts, at the provider of the account that is chosen. */
import type { Robots } from '../providers/provider.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type RobotCalls = Pick<Handlers, Extract<keyof Handlers, `robots.${string}`>>;

export function robotHandlers({ session }: Rooms): RobotCalls {
  async function robotsOf(accountId: string): Promise<Robots> {
    const { robots } = await session(accountId);
    if (!robots) throw new CallError('unsupported');
    return robots;
  }

  return {
    'robots.token': async ({ accountId, robot }) => ({ token: await (await robotsOf(accountId)).token(robot) }),
    'robots.clearToken': async ({ accountId, robot }) => {
      await (await robotsOf(accountId)).clearToken(robot);
      return {};
    },
    'robots.settings': async ({ accountId, robot }) => (await robotsOf(accountId)).settings(robot),
    'robots.setSettings': async ({ accountId, robot, settings }) => {
      await (await robotsOf(accountId)).setSettings(settings, robot);
      return {};
    },
  };
}
