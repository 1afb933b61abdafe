import { domainToASCII } from 'node:url';

import { ActionError } from '../errors.ts';
import { type Asn1, bytesOf, contextTag, decode, implicit, itemsOf, sequence } from './der.ts';
import { ipBytes, ipText } from './ip-address.ts';

/** The names that a server certificate is good for, each in the one form in which names are compared. */
export type SubjectNames = {
  /** In lower case, punycode, without a trailing dot. */
  readonly dns: readonly string[];
  /** Dotted IPv4, or IPv6 as RFC 5952 writes it. */
  readonly ips: readonly string[];
};

/**
 * Sorts names and addresses as a user writes them into DNS names and IP addresses, normalised, none twice.
 * Throws an ActionError for what is neither; wildcards are not taken.
 */
export function subjectNames(names: readonly string[]): SubjectNames {
  const addresses = names.map((name) => ipBytes(name));
  return {
    dns: distinct(names.filter((_, index) => addresses[index] === undefined).map(dnsName)),
    ips: distinct(addresses.flatMap((bytes) => (bytes === undefined ? [] : (ipText(bytes) ?? [])))),
  };
}

/** Whether both hold the same names, in whatever order. */
export function sameNames(one: SubjectNames, other: SubjectNames): boolean {
  const [a, b] = [one, other].map(({ dns, ips }) => JSON.stringify([[...dns].sort(), [...ips].sort()]));
  return a === b;
}

/** The GeneralNames of RFC 5280, section 4.2.1.6: dNSName is [2], iPAddress is [7]. */
export function generalNames({ dns, ips }: SubjectNames): Asn1 {
  return sequence(
    ...dns.map((name) => implicit(dnsNameTag, Buffer.from(name, 'latin1'))),
    ...ips.flatMap((address) => {
      const bytes = ipBytes(address);
      return bytes === undefined ? [] : [implicit(ipAddressTag, bytes)];
    }),
  );
}

/** Reads the content of a subjectAltName extension; names of other kinds are left out. */
export function readGeneralNames(der: Buffer): SubjectNames {
  const names = itemsOf(decode(der));
  const tagged = (tag: number) => names.filter((name) => contextTag(name) === tag).map(bytesOf);
  return {
    dns: distinct(tagged(dnsNameTag).map((bytes) => bytes.toString('latin1').toLowerCase())),
    ips: distinct(tagged(ipAddressTag).flatMap((bytes) => ipText(bytes) ?? [])),
  };
}

const dnsNameTag = 2;
const ipAddressTag = 7;

function dnsName(name: string): string {
  // domainToASCII reads percent signs, slashes and short IPv4 forms as a URL does: none of them may reach it.
  const ascii = /[^a-z0-9._\u0080-\u{10ffff}-]/iu.test(name) ? '' : domainToASCII(name).replace(/\.$/, '');
  const labels = ascii.split('.');
  if (
    ascii.length > 253 ||
    ipBytes(ascii) !== undefined ||
    !labels.every((label) => label.length <= 63 && /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label))
  ) {
    throw new ActionError({
      message: `${JSON.stringify(name)} is neither a DNS name nor an IP address`,
      hint: 'write a name such as node1.example.org, or an address such as 10.0.0.11 or fd00::11, without port, brackets or wildcard',
    });
  }
  return ascii;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
