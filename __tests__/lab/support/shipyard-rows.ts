import { setTimeout as sleep } from 'node:timers/promises';
import type { LabMaster } from '../../../lab/master.ts';
import { controllerUrl, controlUrl } from '../../../lab/master.ts';

/** A row as Shipyard itself gives it, private key included. */
export type Row = {
  readonly id: string;
  readonly ssl_cert: string;
  readonly ssl_key: string;
  readonly ca_cert: string;
  readonly engine: { readonly id: string; readonly addr: string; readonly labels?: readonly string[] };
};

/** Reads Shipyard's list with curl, on the master, without the health of the engines. */
export async function rows(master: LabMaster, password = 'shipyard'): Promise<readonly Row[]> {
  return rowsWith(master, await logIn(master, password));
}

/**
 * The token of a new login. A login ends the former one under the same User-Agent: whoever reads beside others has one of
 * their own.
 */
export async function logIn(master: LabMaster, password: string, userAgent = 'curl'): Promise<string> {
  const login = JSON.stringify({ username: 'admin', password });
  const answer = await master.curl('--user-agent', userAgent, '--data', login, `${controllerUrl}/auth/login`);
  return (JSON.parse(answer) as { auth_token: string }).auth_token;
}

export async function rowsWith(master: LabMaster, token: string): Promise<readonly Row[]> {
  const found = await listed(master, token);
  // Health, which is not among these, changes every ten seconds. An engine that others registered may have no TLS.
  return found.map(({ id, ssl_cert = '', ssl_key = '', ca_cert = '', engine }) => ({
    id,
    ssl_cert,
    ssl_key,
    ca_cert,
    engine,
  }));
}

type Listed = Partial<Row> & Pick<Row, 'id' | 'engine'> & { readonly health?: { readonly status: string } };

async function listed(master: LabMaster, token: string): Promise<readonly Listed[]> {
  const header = ['--header', `X-Access-Token: admin:${token}`];
  return JSON.parse(await master.curl(...header, `${controllerUrl}/api/engines`)) as readonly Listed[];
}

/** The health of all engines once it is this one, or what it still is after half a minute. */
export async function healthBecomes(master: LabMaster, wanted: string): Promise<readonly string[]> {
  const token = await logIn(master, 'shipyard', 'health');
  const read = async (): Promise<readonly string[]> => {
    return (await listed(master, token)).map(({ health }) => health?.status ?? '');
  };
  let found = await read();
  for (let left = 30; left > 0 && found.some((health) => health !== wanted); left -= 1) {
    await sleep(1000);
    found = await read();
  }
  return found;
}

/** A request to the API by somebody who is logged in; rejects unless it succeeds. Returns the body. */
export async function call(
  master: LabMaster,
  password: string,
  method: 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<string> {
  const header = ['--header', `X-Access-Token: admin:${await logIn(master, password)}`];
  const data = body === undefined ? [] : ['--data', JSON.stringify(body)];
  return master.curl('--fail', '--request', method, ...header, ...data, `${controllerUrl}${path}`);
}

/** Makes things go wrong in the stand-in; what is not named does not any more. */
export async function setFaults(
  master: LabMaster,
  faults: Readonly<Record<string, number | boolean>>,
): Promise<void> {
  await master.curl('--request', 'PUT', '--data', JSON.stringify(faults), `${controlUrl}/faults`);
}

/** The requests that changed something in Shipyard since the last call of `forgetRequests`. */
export async function writes(master: LabMaster): Promise<readonly string[]> {
  const seen = JSON.parse(await master.curl(`${controlUrl}/requests`)) as readonly {
    readonly method: string;
    readonly path: string;
  }[];
  return seen
    .filter(({ method, path }) => method !== 'GET' && path !== '/auth/login')
    .map(({ method, path }) => `${method} ${path}`);
}

export async function forgetRequests(master: LabMaster): Promise<void> {
  await master.curl('--request', 'DELETE', `${controlUrl}/requests`);
}
