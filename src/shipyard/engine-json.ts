import { createPublicKey } from 'node:crypto';
import { readCertificate, readCertificates, type Certificate } from '../authority/certificate.ts';
import { ActionError } from '../errors.ts';
import { bodyKind } from './body-kind.ts';
import type { Engine } from './engine.ts';

/**
 * Reads the answer to `GET /api/engines`, which holds every engine's private key: the keys are compared with their
 * certificates and not kept. Fields with a zero or empty value are missing in it. Throws ActionError.
 */
export function parseEngines(body: string): readonly Engine[] {
  const rows = parseJson(body);
  // Go writes an empty list as `null` as well.
  if (rows === null) return [];
  if (!Array.isArray(rows)) throw notShipyard(body);
  return rows.map((row: unknown) => parseEngine(record(row)));
}

function parseEngine(row: Fields): Engine {
  const engine = record(row['engine']);
  const client = readCertificate(text(row['ssl_cert']));
  return {
    id: text(row['id']),
    name: text(engine['id']),
    addr: text(engine['addr']),
    cpus: number(engine['cpus']),
    memory: number(engine['memory']),
    labels: Array.isArray(engine['labels']) ? engine['labels'].map(text) : [],
    health: health(record(row['health'])['status']),
    responseMs: milliseconds(record(row['health'])['response_time']),
    dockerVersion: text(row['docker_version']) || undefined,
    client,
    keyMatches: client !== undefined && keyBelongsTo(text(row['ssl_key']), client),
    trusted: trustedBy(text(row['ca_cert'])),
  };
}

function health(status: unknown): Engine['health'] {
  return status === 'up' || status === 'down' || status === 'pending' ? status : 'unknown';
}

/** Shipyard counts nanoseconds, and leaves a zero out. */
function milliseconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value / 1e6 : undefined;
}

/** A bundle that cannot be read is one that trusts nothing of ours. */
function trustedBy(bundle: string): readonly Certificate[] {
  return readCertificates(bundle) ?? [];
}

function keyBelongsTo(privateKeyPem: string, { publicKey }: Certificate): boolean {
  try {
    return createPublicKey(privateKeyPem).equals(publicKey);
  } catch {
    return false;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw notShipyard(body);
  }
}

/** A list that was cut off is no JSON, and holds keys all the same. */
function notShipyard(body: string): ActionError {
  return new ActionError({
    message: `shipyard: /api/engines did not answer with a list of engines, but with ${bodyKind(body)}`,
    hint: 'check shipyard-url: it must be the controller of a Shipyard 2, not the user interface behind a path',
  });
}
