import { readCertificates, type Certificate } from '../authority/certificate.ts';
import { ActionError } from '../errors.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import { readNodes } from './node-list.ts';
import { readNodeSelection } from './node-selection.ts';
import type { CheckPolicy, CheckRequest } from './request.ts';
import { readConcurrency, readConnectTimeout } from './rollout.ts';
import { parseInteger, type Range } from './scalars.ts';
import { readShipyardTarget } from './shipyard-target.ts';
import { readKeys, readSshNetwork } from './ssh-credentials.ts';

const DAYS: Range = { min: 0, max: 825 };

/** Reads what `command: check` takes: the nodes, and whatever is at hand to see or to verify more. No secret is needed. */
export function readCheckRequest(reader: InputReader): CheckRequest | undefined {
  const nodes = readNodes(reader);
  const only = nodes && readNodeSelection(reader, nodes);
  const network = readSshNetwork(reader);
  const { keys, passphrase } = readKeys(reader, reader.secret('ssh-private-key'));
  const concurrency = readConcurrency(reader);
  const connectTimeoutSeconds = readConnectTimeout(reader);
  const policy = readCheckPolicy(reader);
  const shipyard = readShipyardTarget(reader);
  if (shipyard?.master && reader.text('ssh-private-key') === '')
    reader.refuse({
      input: 'ssh-private-key',
      message: `is empty, but shipyard-master is reached over SSH: ${EMPTY_SECRET}`,
      hint: `${secretHint('ssh-private-key')}; or leave out Shipyard, whose client certificates are then not checked`,
    });
  if (!nodes || !only || !network || !concurrency || !connectTimeoutSeconds || !policy) return undefined;

  const ssh = { privateKeys: keys, ...network, ...(passphrase && { passphrase }) };
  return {
    command: 'check',
    nodes: nodes.filter(({ name }) => only === 'all' || only.includes(name)),
    ...(keys.length > 0 && { ssh }),
    ...(shipyard && { shipyard }),
    ...{ policy, concurrency, connectTimeoutSeconds },
  };
}

function readCheckPolicy(reader: InputReader): CheckPolicy | undefined {
  const days = (name: string, fallback: number): number | undefined =>
    reader.parsed(name, (text) => parseInteger(text, DAYS), fallback);
  const warnBeforeDays = days('warn-before', 30);
  const failBeforeDays = days('fail-before', 7);
  const trusted = reader.parsed('ca-certificate', parseAuthorities, undefined);
  if (warnBeforeDays === undefined || failBeforeDays === undefined) return undefined;
  if (failBeforeDays > warnBeforeDays) {
    reader.refuse({
      input: 'fail-before',
      message: `${failBeforeDays} days are more than the ${warnBeforeDays} of warn-before: the run would fail before it warns`,
      hint: 'lower fail-before or raise warn-before',
    });
    return undefined;
  }
  return { warnBeforeDays, failBeforeDays, ...(trusted && { trusted }) };
}

/** One certificate or several, such as those of all generations while the authority is rotated. */
export function parseAuthorities(text: string): readonly Certificate[] {
  const certificates = readCertificates(text);
  if (certificates?.length && certificates.every(({ isCa }) => isCa)) return certificates;
  throw new ActionError({
    message: certificates?.length
      ? 'has a certificate that is not of a CA'
      : 'is no PEM text of certificates that can be read',
    hint: 'give the output ca-certificate of an earlier run; it is no secret, and has the certificates of all generations',
  });
}
