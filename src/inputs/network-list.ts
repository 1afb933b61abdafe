import ipaddr from 'ipaddr.js';
import { ActionError } from '../errors.ts';
import { quote } from './quote.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address, or all those that begin with the same bits. */
export type Network = {
  readonly address: Address;
  readonly length: number;
  /** The canonical form; an address alone has no length in it. */
  readonly text: string;
};

/** Reads `10.0.0.5`, `10.1.0.0/24`, `fd00::5` or `fd00::/64`. Throws ActionError. */
export function parseNetwork(text: string): Network {
  const [, host = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(host, text);
  const bits = address.toByteArray().length * 8;
  const length = digits === undefined ? bits : Number(digits);
  if (length > bits) throw refused(text, `has more than ${bits} bits`, `write a length from 1 to ${bits}`);
  if (length === 0)
    throw refused(text, 'is everybody', 'name who may reach the engines, or set firewall: none');
  const begin = beginOf(address, length);
  const network = {
    address: begin,
    length,
    text: length === bits ? textOf(begin) : `${textOf(begin)}/${length}`,
  };
  if (textOf(begin) !== textOf(address))
    throw refused(
      text,
      `has bits beyond its first ${length}`,
      `write ${network.text} for the network, or ${textOf(address)} for the address alone`,
    );
  if (address.range() === 'unspecified')
    throw refused(text, 'stands for every address, not for one', 'write the address of a client');
  return network;
}

/** Sorted, each once, and none that lies within another. */
export function withoutContained(networks: readonly Network[]): readonly Network[] {
  const wide = [...networks].sort((a, b) => a.length - b.length);
  const kept: Network[] = [];
  for (const network of wide) if (!kept.some((other) => contains(other, network))) kept.push(network);
  return kept.sort((a, b) => compare(a.address.toByteArray(), b.address.toByteArray()));
}

function parseAddress(host: string, text: string): Address {
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return ipaddr.IPv4.parse(host);
  if (host.includes('%'))
    throw refused(
      text,
      'has a zone, which means something on one machine only',
      'write an address without %',
    );
  if (!host.includes(':') || !ipaddr.IPv6.isValid(host))
    throw refused(
      text,
      'is neither an IP address nor a network',
      'write addresses and networks such as 10.0.0.5, 10.1.0.0/24, fd00::/64; names are not looked up',
    );
  const address = ipaddr.IPv6.parse(host);
  if (address.isIPv4MappedAddress())
    throw refused(text, 'is an IPv4 address in IPv6 notation', 'write it as four decimal numbers');
  return address;
}

function beginOf(address: Address, length: number): Address {
  const bytes = address
    .toByteArray()
    .map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, length - index * 8))) & 0xff);
  return ipaddr.fromByteArray(bytes);
}

function textOf(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

function contains(outer: Network, inner: Network): boolean {
  return (
    outer.length <= inner.length && textOf(beginOf(inner.address, outer.length)) === textOf(outer.address)
  );
}

function compare(some: readonly number[], others: readonly number[]): number {
  return Buffer.compare(Buffer.from(some), Buffer.from(others));
}

function refused(text: string, what: string, hint: string): ActionError {
  return new ActionError({ message: `${quote(text)} ${what}`, hint });
}
