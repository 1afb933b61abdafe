import { ActionError, type InputProblem } from '../errors.ts';
import type { SshAddress } from '../inventory/node-spec.ts';
import { parseSshAddress } from '../inventory/ssh-address.ts';
import { Secret } from '../secret.ts';
import { parseImageReference } from './image-reference.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import type { ShipyardCredentials, ShipyardMode, ShipyardTarget } from './request.ts';
import { parseBoolean, parseChoice } from './scalars.ts';
import { readShipyardDeployment } from './shipyard-deployment.ts';
import { isPrivate, parseShipyardUrl } from './shipyard-url.ts';

/** Where the controller's image listens, as seen from its own host. */
const URL_ON_MASTER = 'http://127.0.0.1:8080';

/** Reads the `shipyard-…` inputs; `undefined` also when nothing is to be registered. */
export function readShipyardTarget(reader: InputReader): ShipyardTarget | undefined {
  const isWanted = reader.text('shipyard-url') !== '' || reader.text('shipyard-master') !== '';
  const master = readShipyardMaster(reader);
  const url = reader.parsed('shipyard-url', parseShipyardUrl, URL_ON_MASTER);
  const mode = reader.parsed('shipyard-mode', (text) => parseChoice(text, MODES), 'cli');
  const cliImage = reader.parsed('shipyard-cli-image', parseImageReference, undefined);
  const mayBePlain = reader.parsed('allow-plain-http', parseBoolean, false);
  const credentials = readCredentials(reader, isWanted);
  const deployment = readShipyardDeployment(reader, {
    url,
    hasMaster: reader.text('shipyard-master') !== '',
    hasPassword: reader.text('shipyard-password') !== '',
  });

  if (isWanted && url !== undefined && mayBePlain === false && !isPrivate(url, master))
    reader.refuse(PLAIN_HTTP);
  if (mode === 'api' && reader.text('shipyard-cli-image') !== '') reader.refuse(IMAGE_WITHOUT_CLI);
  if (!isWanted || url === undefined || !credentials || mode === undefined) return undefined;
  return {
    url,
    credentials,
    mode,
    ...(deployment && { deployment }),
    ...(master && { master }),
    ...(cliImage !== undefined && { cliImage }),
  };
}

/** Reads `shipyard-master`; `undefined` also where none is given. */
export function readShipyardMaster(reader: InputReader): SshAddress | undefined {
  return reader.parsed('shipyard-master', parseSshAddress, undefined);
}

const MODES: readonly ShipyardMode[] = ['cli', 'api'];

const IMAGE_WITHOUT_CLI: InputProblem = {
  input: 'shipyard-cli-image',
  message: 'is given beside shipyard-mode: api, which runs no container',
  hint: 'remove it, or set shipyard-mode: cli',
};

const PLAIN_HTTP: InputProblem = {
  input: 'shipyard-url',
  message:
    'is plain http to another host, but every registration carries private keys, and the login a password',
  hint: 'set shipyard-master: root@HOST to go through SSH, with the URL as that host sees it; or use https; or, on a network where nobody else can read, set allow-plain-http: true',
};

function readCredentials(reader: InputReader, areWanted: boolean): ShipyardCredentials | undefined {
  const username = reader.parsed('shipyard-username', parseUsername, 'admin');
  const password = reader.secret('shipyard-password');
  const key = reader.parsed('shipyard-service-key', parseServiceKey, undefined);
  const hasKey = reader.text('shipyard-service-key') !== '';

  const problem = findProblem(areWanted, password !== undefined, hasKey);
  if (problem) reader.refuse(problem);
  if (problem || !areWanted) return undefined;
  if (password && username !== undefined) return { kind: 'password', username, password };
  return key && { kind: 'service-key', key };
}

function findProblem(areWanted: boolean, hasPassword: boolean, hasKey: boolean): InputProblem | undefined {
  if (hasPassword && hasKey)
    return {
      input: 'shipyard-service-key',
      message: 'is given beside shipyard-password',
      hint: 'give one of the two',
    };
  if (areWanted && !hasPassword && !hasKey)
    return {
      input: 'shipyard-password',
      message: `is empty, and so is shipyard-service-key: ${EMPTY_SECRET}`,
      hint: `${secretHint('shipyard-password')}, or do so for shipyard-service-key`,
    };
  if (!areWanted && (hasPassword || hasKey))
    return {
      input: 'shipyard-url',
      message: 'is empty, and so is shipyard-master, but there are credentials for Shipyard',
      hint: 'set one of them to register the nodes, or remove shipyard-password and shipyard-service-key',
    };
  return undefined;
}

/** The login becomes the header `X-Access-Token: <user>:<token>`, in which Shipyard wants exactly one colon. */
function parseUsername(text: string): string {
  if (/^[\x20-\x39\x3b-\x7e]+$/.test(text)) return text;
  throw new ActionError({
    message: 'has a colon or a character beyond ASCII, and Shipyard cannot authenticate such a user',
    hint: 'use another account',
  });
}

/** A service key is sent as a header. */
function parseServiceKey(text: string): Secret {
  if (/^[\x21-\x7e]+$/.test(text)) return new Secret(text);
  throw new ActionError({
    message: 'has white space or a character beyond ASCII in it, which no service key has',
    hint: 'store the key alone, as `shipyard add-service-key` prints it after "created key:"',
  });
}
