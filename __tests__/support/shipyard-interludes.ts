import { setTimeout as sleep } from 'node:timers/promises';
import { exchange } from './shipyard-exchange.ts';
import type { RecordedRun } from './shipyard-recording.ts';
import type { Stage } from './shipyard-stage.ts';

/** What the recorder did between two runs of the CLI, through the API and without recording it. */
export type Interludes = {
  readonly before: (run: RecordedRun) => Promise<void>;
  /** The engine `n` that a run has stored, taken away again. */
  readonly takeStoredEngine: () => Promise<string | undefined>;
};

export const createInterludes = ({ controller, translation }: Stage): Interludes => {
  const call = async (method: string, path: string, body?: unknown, agent = 'recorder'): Promise<string> => {
    const answer = await exchange(controller.host, {
      method,
      path,
      headers: { 'User-Agent': agent, 'X-Access-Token': translation.toLive(`admin:${recorderToken}`) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return answer.body ?? '';
  };
  const logIn = async (recordedToken: string, agent: string): Promise<void> => {
    const answer = await call('POST', '/auth/login', { username: 'admin', password: 'shipyard' }, agent);
    const { auth_token } = JSON.parse(answer) as { auth_token: string };
    translation.match([recordedToken], [auth_token]).learn();
  };
  const rows = async (): Promise<readonly Row[]> => JSON.parse(await call('GET', '/api/engines')) as Row[];
  const remove = async (isMeant: (row: Row) => boolean): Promise<void> => {
    for (const { id } of (await rows()).filter(isMeant)) {
      await call('DELETE', `/api/engines/${id}`);
    }
  };
  const allUp = async (): Promise<void> => {
    while (
      (await rows()).some(({ health, docker_version }) => health.status !== 'up' || docker_version === '')
    ) {
      await sleep(50);
    }
  };
  const byName: Readonly<Record<string, () => Promise<void>>> = {
    'engines-none': () => logIn(recorderToken, 'recorder'),
    'rc-service-key-only': async () => {
      const key = await call('POST', '/api/servicekeys', { description: 'cli' });
      translation.match([`"key":"${recorderKey}"`], [/"key":"[^"]+"/.exec(key)?.[0] ?? '']).learn();
    },
    'fail-no-flags': () => remove(() => true),
    'cli-session-1': async () => {
      await call('POST', '/account/changepassword', { password: 'shipyard' });
      await logIn(cliSessionToken, 'shipyard-cli');
    },
  };
  return {
    before: async ({ name, output }) => {
      await byName[name]?.();
      const stdout = output.kind === 'pipes' ? output.stdout : '';
      if (stdout.includes('\tup\t') || stdout.includes('"status": "up"')) {
        await allUp();
      }
    },
    takeStoredEngine: async () => {
      const found = (await rows()).find(({ engine }) => engine.id === 'n');
      await remove(({ engine }) => engine.id === 'n');
      return found && translation.toRecorded(JSON.stringify(found.engine));
    },
  };
};

type Row = {
  readonly id: string;
  readonly engine: { readonly id?: string };
  readonly health: { readonly status: string };
  readonly docker_version?: string;
};

// As recorded: the recorder's own session and key, and the session that a later login of the CLI ends.
const recorderToken = '$2a$10$a6WjakE1v2JoDtWtX8cnnu0P5pN50Elnz1E2JlFV2k7/0x9LW6qVK';
const recorderKey = 'EXJWON4EZPW3EJEcBq3CamsjRUhjA..EwXZ2';
const cliSessionToken = '$2a$10$85DoPiyieUbq4jqgugZSM.EaC6mRe4HVlIekoqe2Ha.WXxjNo1Pb2';
