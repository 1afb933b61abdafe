import { ActionError } from '../errors.ts';
import { quote } from '../inputs/quote.ts';
import type { Entry, Report } from './entry.ts';
import { FieldReader } from './field-reader.ts';
import { parseHost, parseIpAddress } from './host.ts';
import { parseJumps } from './jumps.ts';
import { parseCpus, parseHostKeys, parseLabel, parseMemory, parseName } from './node-fields.ts';
import type { NodeSpec, SshAddress } from './node-spec.ts';
import { DEFAULT_SSH_PORT, DEFAULT_SSH_USER, parsePort, parseUser } from './ssh-address.ts';

const KEYS = [
  'name',
  'host',
  'port',
  'user',
  'host-keys',
  'jump',
  'address',
  'engine-port',
  'listen',
  'sans',
  'labels',
  'cpus',
  'memory',
] as const;

const DEFAULT_ENGINE_PORT = 2376;

/** What could be read of one entry: what is missing here was reported. */
export type Draft = {
  readonly entry: Entry;
  readonly name?: string;
  readonly ssh?: Endpoint;
  readonly engine?: Endpoint;
  /** Present when all that every node must have is sound. */
  readonly spec?: Omit<NodeSpec, 'rank'>;
};

export type Endpoint = { readonly host: string; readonly port: number };

/** Checks every field of an entry by itself; what several entries may not share is not looked at. */
export function readNode(entry: Entry, report: Report): Draft {
  const fields = new FieldReader(entry, report);
  fields.refuseUnknown(KEYS);
  const name = fields.required('name', parseName);
  const host = fields.required('host', parseHost);
  const port = fields.optional('port', parsePort, DEFAULT_SSH_PORT);
  const user = fields.optional('user', parseUser, DEFAULT_SSH_USER);
  const hostKeys = fields.list('host-keys', parseHostKeys).flat();
  const jumps = fields.optional('jump', (text) => readJumps(text, host, port), undefined);
  const address = fields.optional('address', parseHost, host);
  const enginePort = fields.optional('engine-port', parsePort, DEFAULT_ENGINE_PORT);
  const listen = fields.optional('listen', parseIpAddress, undefined);
  const sans = [...new Set(fields.list('sans', parseHost))].filter((san) => san !== address);
  const labels = readLabels(fields);
  const cpus = fields.optional('cpus', parseCpus, undefined);
  const memory = fields.optional('memory', parseMemory, undefined);

  const draft = {
    entry,
    ...(name !== undefined && { name }),
    ...(host !== undefined && port !== undefined && { ssh: { host, port } }),
    ...(address !== undefined && enginePort !== undefined && { engine: { host: address, port: enginePort } }),
  };
  if (name === undefined || !draft.ssh || !draft.engine || user === undefined) return draft;
  const spec = {
    name,
    ssh: { user, ...draft.ssh },
    hostKeys,
    ...(jumps && { jumps }),
    address: draft.engine.host,
    enginePort: draft.engine.port,
    sans,
    labels: labels.length > 0 ? labels : [name],
    ...(listen !== undefined && { listen }),
    ...(cpus !== undefined && { cpus }),
    ...(memory !== undefined && { memory }),
  };
  return { ...draft, spec };
}

function readJumps(text: string, host: string | undefined, port: number | undefined): readonly SshAddress[] {
  const jumps = parseJumps(text);
  if (!jumps.some((jump) => jump.host === host && jump.port === port)) return jumps;
  throw new ActionError({
    message: 'leads through the node itself',
    hint: 'name only the hosts before it, or write none for a direct connection',
  });
}

function readLabels(fields: FieldReader): string[] {
  const seen = new Set<string>();
  return fields.list('labels', (text) => {
    const label = parseLabel(text);
    if (seen.has(label)) throw new ActionError({ message: `${quote(label)} stands twice`, hint: 'keep one' });
    seen.add(label);
    return label;
  });
}
