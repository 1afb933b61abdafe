import { checkCommonName, checkOrganization } from '../authority/distinguished-name.ts';
import { ActionError } from '../errors.ts';
import type { NodeSpec } from '../inventory/node-spec.ts';
import type { InputReader } from './input-reader.ts';
import { suggest } from './nearest.ts';
import { quote } from './quote.ts';
import type { CertificatePolicy, KeyAlgorithm, RenewalWindow } from './request.ts';
import { parseChoice, parseInteger, type Range } from './scalars.ts';

const KEY_ALGORITHMS = ['ecdsa-p256', 'rsa-2048', 'rsa-3072'] as const satisfies readonly KeyAlgorithm[];
const CERT_DAYS: Range = { min: 1, max: 825, reason: 'Apple accepts no server certificate for longer' };
const CA_DAYS: Range = { min: 30, max: 7300, reason: 'a month to 20 years' };

/** Reads the inputs on keys and lifetimes; a leaf is shorter than its CA, and longer than its renewal window. */
export function readCertificatePolicy(reader: InputReader): CertificatePolicy | undefined {
  const algorithm = (text: string): KeyAlgorithm => parseChoice(text, KEY_ALGORITHMS);
  const keyAlgorithm = reader.parsed('key-algorithm', algorithm, 'ecdsa-p256' as const);
  const certDays = reader.parsed('cert-days', (text) => parseInteger(text, CERT_DAYS), 180);
  const caDays = reader.parsed('ca-days', (text) => parseInteger(text, CA_DAYS), 3650);
  const caCommonName = reader.parsed('ca-common-name', checkCommonName, 'Docker TLS CA');
  const caOrganization = reader.parsed('ca-organization', checkOrganization, 'shipyard-cluster');
  const renewBefore = reader.parsed('renew-before', parseRenewalWindow, { percent: 40 });
  const forceRenew = reader.parsed('force-renew', parseForceRenew, 'none' as const);

  if (certDays !== undefined && caDays !== undefined && certDays >= caDays)
    reader.refuse({
      input: 'cert-days',
      message: `${certDays} days are not less than the ${caDays} of ca-days: a certificate would outlive its CA`,
      hint: 'lower cert-days or raise ca-days',
    });
  if (certDays !== undefined && renewBefore && 'days' in renewBefore && renewBefore.days >= certDays)
    reader.refuse({
      input: 'renew-before',
      message: `${renewBefore.days} days are not less than the ${certDays} of cert-days: every run would renew everything`,
      hint: 'lower renew-before or raise cert-days; 40% fits any lifetime',
    });
  if (!keyAlgorithm || !certDays || !caDays || !renewBefore || !forceRenew) return undefined;
  if (!caCommonName || !caOrganization) return undefined;
  return { keyAlgorithm, certDays, caDays, caCommonName, caOrganization, renewBefore, forceRenew };
}

/** Refuses names that the inventory does not have: a misspelt one would silently renew nothing. */
export function checkForceRenew(
  reader: InputReader,
  { forceRenew }: CertificatePolicy,
  nodes: readonly NodeSpec[],
): void {
  if (typeof forceRenew === 'string') return;
  const names = nodes.map(({ name }) => name);
  for (const name of forceRenew.filter((wanted) => !names.includes(wanted)))
    reader.refuse({
      input: 'force-renew',
      message: `the inventory has no node ${quote(name)}`,
      hint: suggest(name, names),
    });
}

function parseRenewalWindow(text: string): RenewalWindow {
  const percent = /^([1-9]\d?)%$/.exec(text)?.[1];
  if (percent !== undefined) return { percent: Number(percent) };
  if (/^[1-9]\d{0,3}$/.test(text)) return { days: Number(text) };
  throw new ActionError({
    message: `must be days or a share of the lifetime from 1% to 99%, not ${quote(text)}`,
    hint: 'write whole days such as 30, or a share such as 40%',
  });
}

function parseForceRenew(text: string): CertificatePolicy['forceRenew'] {
  if (/^(false|False|FALSE)$/.test(text)) return 'none';
  if (text === 'all') return 'all';
  if (/^(true|True|TRUE)$/.test(text))
    throw new ActionError({
      message: 'true does not say what to renew',
      hint: 'write all, or the names of nodes',
    });
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}
