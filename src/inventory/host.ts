import { domainToASCII } from 'node:url';
import { ActionError } from '../errors.ts';
import { quote } from '../inputs/quote.ts';

/**
 * Reads a host into its one canonical form: a DNS name in lower case (international ones as punycode, RFC 5891), an
 * IPv4 address of four decimal numbers, or an IPv6 address as in RFC 5952. Throws ActionError.
 */
export function parseHost(text: string): string {
  return text.includes(':') || isDottedQuad(text) ? parseIpAddress(text) : parseDnsName(text);
}

/** Reads an IP address into its canonical form, without brackets. Throws ActionError. */
export function parseIpAddress(text: string): string {
  const address = isDottedQuad(text) ? text : parseIpv6(text);
  if (address === '0.0.0.0' || address === '::')
    throw new ActionError({
      message: `${quote(text)} stands for every address, not for one`,
      hint: 'write one address of the host; without listen the engine listens on every address',
    });
  return address;
}

/** Whether a host in canonical form is an IP address; it is a DNS name otherwise. */
export function isIpAddress(host: string): boolean {
  return host.includes(':') || isDottedQuad(host);
}

/** The host as URLs and known_hosts write it before a port: an IPv6 address in brackets (RFC 3986, section 3.2.2). */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Leading zeros are not for us to read: some programs take them for octal. */
function isDottedQuad(text: string): boolean {
  return /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/.test(text);
}

function parseIpv6(text: string): string {
  if (text.includes('%'))
    throw new ActionError({
      message: `${quote(text)} has a zone, which means something on one machine only`,
      hint: 'write an address without %; a link-local one cannot be used',
    });
  const url = `http://[${text}]/`;
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(url))
    throw new ActionError({
      message: `${quote(text)} is not an IP address`,
      hint: 'write the host alone, without scheme, port, path and brackets; ports have keys of their own',
    });
  const address = new URL(url).hostname.slice(1, -1);
  if (address.startsWith('::ffff:'))
    throw new ActionError({
      message: `${quote(text)} is an IPv4 address in IPv6 notation, which certificates and programs tell apart`,
      hint: 'write it as four decimal numbers',
    });
  return address;
}

function parseDnsName(text: string): string {
  // Only then does IDNA see it: it would drop, map or percent-decode other characters without a word.
  const isPlain = /^[\p{L}\p{M}\p{N}._-]+$/u.test(text);
  const name = isPlain ? domainToASCII(text) : '';
  const labels = name.split('.');
  if (
    labels.every((label) => LABEL.test(label)) &&
    name.length <= 253 &&
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
  )
    return name;
  throw new ActionError({
    message: `${quote(text)} is neither a DNS name nor an IP address`,
    hint: text.includes('*')
      ? 'write each name; a wildcard would make the certificate good for hosts that are not this one'
      : 'write a name of labels (letters, digits, - and _; at most 63 characters each) without a dot at the end, or four decimal numbers without leading zeros, or an IPv6 address',
  });
}

/** RFC 1123, section 2.1, and `_`, which many internal host names have and Go's, OpenSSL's and Node's TLS accept. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
