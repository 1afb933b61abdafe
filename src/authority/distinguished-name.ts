import { createHash } from 'node:crypto';

import { type Asn1, oid, sequence, set, utf8String } from './der.ts';
import { problem } from './problem.ts';

/** RFC 5280, appendix A.1: ub-common-name and ub-organization-name, in characters. */
const maxLength = 64;

/** The subject of a leaf: its common name alone, cut where it is too long, and then told apart by a hash. */
export function leafName(commonName: string): Asn1 {
  return distinguishedName([{ type: commonNameType, value: shortened(commonName) }]);
}

/** The subject of a CA of ours. It ends in its generation, which so can be read in the issuer of any leaf. */
export function authorityName(organization: string, commonName: string, generation: number): Asn1 {
  return distinguishedName([
    { type: organizationType, value: checkOrganization(organization) },
    { type: commonNameType, value: `${checkCommonName(commonName)} (generation ${generation})` },
  ]);
}

/** The organisation of a CA as it is given; an InputError about `ca-organization` if it cannot be in a certificate. */
export function checkOrganization(text: string): string {
  return checked('ca-organization', text, maxLength);
}

/** The common name of a CA as it is given; an InputError about `ca-common-name` if it cannot be in a certificate. */
export function checkCommonName(text: string): string {
  return checked('ca-common-name', text, maxAuthorityName);
}

/** Room is left for any generation, so that a name that was taken once serves all rotations. */
const maxAuthorityName = maxLength - ' (generation 999999)'.length;

/** The generation in a CA's name, given as `Certificate` has names; undefined if the CA is not one of ours. */
export function generationOf(name: string): number | undefined {
  const [, generation] =
    /(?:^|(?<!\\), )CN=(?:[^,\\]|\\.)* \(generation ([1-9]\d{0,5})\)(?:, |$)/.exec(name) ?? [];
  return generation === undefined ? undefined : Number(generation);
}

type Attribute = { readonly type: string; readonly value: string };

const commonNameType = '2.5.4.3';
const organizationType = '2.5.4.10';

/** UTF8String always: a `_` in a PrintableString, forge's default, is a certificate that Go cannot parse. */
function distinguishedName(attributes: readonly Attribute[]): Asn1 {
  return sequence(...attributes.map(({ type, value }) => set(sequence(oid(type), utf8String(value)))));
}

function shortened(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= maxLength) return text;
  const mark = `~${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return characters.slice(0, maxLength - mark.length).join('') + mark;
}

function checked(input: string, text: string, limit: number): string {
  const length = Array.from(text).length;
  if (text.trim() !== text || length === 0 || length > limit || /\p{Cc}/u.test(text)) {
    throw problem(
      input,
      `${JSON.stringify(text)} cannot be a name in a certificate`,
      `use 1 to ${limit} characters, no control characters, no blank at either end`,
    );
  }
  return text;
}
