/** Robots: accounts of programs, with a token that does not expire, and DSTs made in one call. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, json, noContent } from '../answers.ts';
import { requireVisible } from '../bearer.ts';
import { notFound, refusal } from '../errors.ts';
import { may } from '../guards.ts';
import type { User } from '../model.ts';
import { presentDst } from '../present.ts';
import type { RobotRecord } from '../records.ts';
import { readJson } from '../request-body.ts';
import { instanceBody, instantiateByRobot } from '../robot-instance.ts';
import { createByRobot, MAX_ROBOT_BODY_BYTES, robotDst } from '../robot-making.ts';
import type { Route, UserCall } from '../router.ts';
import { requireMaker, requireStatus } from './dst-workflow.ts';

/** The account named in the query, else one's own; another's needs the capability. @throws ApiError 400, 403, 404 */
function requireAccount({ state, user, query }: UserCall): User {
  const [username, domain] = [query.get('username'), query.get('domain')];
  if (username === null && domain === null) return user;
  if (username === user.username && (domain ?? user.domain) === user.domain) return user;
  if (!may(user, 'user.access.all')) throw refusal(403, 'forbidden', 'The account is somebody else’s', 'username');
  const found = state.ledger.directory.users.find(
    (each) => each.user.username === username && each.user.domain === (domain ?? user.domain),
  );
  if (!found || found.user.domain !== user.domain) throw notFound('account');
  return found.user;
}

const robotOf = ({ state }: UserCall, userId: string): RobotRecord | undefined =>
  state.ledger.directory.robots?.find((each) => each.userId === userId);

function changeRobot(
  call: UserCall,
  userId: string,
  kind: Parameters<typeof effect>[1],
  change: (robot: RobotRecord) => void,
) {
  call.state.ledger.changeDirectory((draft) => {
    draft.robots ??= [];
    let robot = draft.robots.find((each) => each.userId === userId);
    if (!robot) {
      robot = { userId };
      draft.robots.push(robot);
    }
    change(robot);
    draft.effects.push(effect(call, kind));
  });
}

const effect = (call: UserCall, kind: 'robot-token-made' | 'robot-token-cleared' | 'robot-configured') =>
  call.state.ledger.effect(kind, call.user.id);

function authentication(call: UserCall): Answer {
  const { id } = requireAccount(call);
  const kept = robotOf(call, id)?.token;
  if (kept !== undefined) return json({ accessToken: kept });
  const token = randomUUID();
  changeRobot(call, id, 'robot-token-made', (robot) => {
    robot.token = token;
  });
  return json({ accessToken: token });
}

function clearAuthentication(call: UserCall): Answer {
  changeRobot(call, requireAccount(call).id, 'robot-token-cleared', (robot) => {
    delete robot.token;
  });
  return noContent;
}

const configurationBody = z.looseObject({
  requestHeaders: z.record(z.string(), z.array(z.string())).optional(),
  authentication: z
    .looseObject({
      username: z.string().optional(),
      password: z.string().optional(),
      authMode: z.enum(['basic', 'digest']).optional(),
      clientKey: z.string().optional(),
      clientCert: z.string().optional(),
    })
    .optional(),
  webhooks: z.looseObject({ dst: z.url().optional() }).optional(),
});

async function configure(call: UserCall): Promise<Answer> {
  const { id } = requireAccount(call);
  const { requestHeaders, authentication: auth, webhooks } = await readJson(call.request, configurationBody);
  changeRobot(call, id, 'robot-configured', (robot) => {
    robot.configuration = {
      ...(requestHeaders && { requestHeaders }),
      ...(auth && { authentication: auth }),
      ...(webhooks && { webhooks }),
    };
  });
  return noContent;
}

async function create(call: UserCall): Promise<Answer> {
  requireMaker(call.user);
  const body = await readJson(call.request, robotDst, MAX_ROBOT_BODY_BYTES);
  const record = await createByRobot(call.state.ledger, call.user, body, robotOf(call, call.user.id)?.configuration);
  return json(presentDst(record.dst, call.baseUrl));
}

async function instantiate(call: UserCall): Promise<Answer> {
  const { ledger } = call.state;
  const template = requireVisible(ledger.record(call.params.id ?? ''), call.user);
  requireMaker(call.user);
  const body = await readJson(call.request, instanceBody, MAX_ROBOT_BODY_BYTES);
  if (!template.dst.template) throw refusal(409, 'not-a-template', 'The DST is no template');
  requireStatus(template.dst, 'published');
  const copy = await instantiateByRobot(ledger, template, call.user, body);
  ledger.addDst(copy);
  return json(presentDst(copy.dst, call.baseUrl));
}

const bearer = 'bearer' as const;

export const robots: readonly Route[] = [
  {
    operationId: 'robotAuthenticationGET',
    method: 'GET',
    path: '/robot/authentication',
    auth: bearer,
    run: authentication,
  },
  {
    operationId: 'robotAuthenticationDELETE',
    method: 'DELETE',
    path: '/robot/authentication',
    auth: bearer,
    run: clearAuthentication,
  },
  {
    operationId: 'robotConfigurationGET',
    method: 'GET',
    path: '/robot/configuration',
    auth: bearer,
    run: (call) => json(robotOf(call, requireAccount(call).id)?.configuration ?? {}),
  },
  { operationId: 'robotConfigurationPUT', method: 'PUT', path: '/robot/configuration', auth: bearer, run: configure },
  { operationId: 'robotDSTsPOST', method: 'POST', path: '/robot/DSTs', auth: bearer, run: create },
  {
    operationId: 'robotIdInstantiatePOST',
    method: 'POST',
    path: '/robot/{id}/instantiate',
    auth: bearer,
    run: instantiate,
  },
];
