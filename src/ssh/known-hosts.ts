import { createHmac } from 'node:crypto';
import { ActionError, type Explanation } from '../errors.ts';
import { attempt } from '../inputs/attempt.ts';
import { quote } from '../inputs/quote.ts';
import { decodeHostKey, isVerifiable, type HostKey, type HostKeys } from './host-key.ts';

export type KnownHosts = {
  /**
   * What the lines say of one host, by OpenSSH's rules: `host` is looked up for port 22, `[host]:port` for any other.
   * A revoked key is never among the trusted ones.
   */
  keysFor(host: string, port: number): HostKeys;
};

/** What is wrong with one line, counted from 1. */
export type KnownHostsProblem = Explanation & { readonly line: number };

/**
 * Reads known_hosts lines of every kind that sshd(8) describes, except `@cert-authority`. A line that OpenSSH would
 * skip as broken is a problem; one with a key type that no server can prove to us is skipped without a word.
 */
export function parseKnownHosts(text: string): {
  readonly knownHosts: KnownHosts;
  readonly problems: readonly KnownHostsProblem[];
} {
  const entries: Entry[] = [];
  const problems: KnownHostsProblem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const entry = attempt(
      () => parseLine(line.trim()),
      ({ message, hint }) => problems.push({ line: index + 1, message, hint }),
    );
    if (entry && isVerifiable(entry.key)) entries.push(entry);
  }
  return { knownHosts: { keysFor: (host, port) => lookUp(entries, hostName(host, port)) }, problems };
}

/** The line that makes a key known for a host. */
export function knownHostsLine(host: string, port: number, { type, blob }: HostKey): string {
  return `${hostName(host, port)} ${type} ${blob.toString('base64')}`;
}

type Entry = {
  readonly isRevoked: boolean;
  readonly covers: (name: string) => boolean;
  readonly key: HostKey;
};

function lookUp(entries: readonly Entry[], name: string): HostKeys {
  const found = entries.filter(({ covers }) => covers(name));
  const revoked = found.filter(({ isRevoked }) => isRevoked).map(({ key }) => key);
  const trusted = found.filter(({ isRevoked }) => !isRevoked).map(({ key }) => key);
  return { trusted: trusted.filter(({ blob }) => !revoked.some((key) => key.blob.equals(blob))), revoked };
}

/** A name as it stands in known_hosts. Only with a port other than 22 it is in brackets, an IPv6 address too. */
function hostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function parseLine(line: string): Entry {
  const [first = ''] = line.split(/[ \t]/, 1);
  const isRevoked = first === '@revoked';
  if (first.startsWith('@') && !isRevoked) refuseMarker(first);
  const [names = '', type = '', base64 = ''] = line.split(/[ \t]+/).slice(isRevoked ? 1 : 0);
  if (base64 === '')
    throw new ActionError({
      message: 'is not of the form "host type base64"',
      hint: 'write lines as `ssh-keyscan` prints them, after checking their fingerprints',
    });
  return {
    isRevoked,
    covers: names.startsWith('|') ? hashed(names) : listed(names),
    key: decodeHostKey(type, base64),
  };
}

function refuseMarker(marker: string): never {
  throw new ActionError(
    marker === '@cert-authority'
      ? {
          message: '@cert-authority is not supported: host certificates cannot be verified here',
          hint: "list the hosts' own keys instead",
        }
      : { message: `the marker ${quote(marker)} is not known`, hint: 'the only marker here is @revoked' },
  );
}

/** `|1|salt|hash`: HMAC-SHA1 of the name under the salt, both in base64 (`ssh-keygen -H`). */
function hashed(names: string): Entry['covers'] {
  const [, salt, hash] = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(names) ?? [];
  if (salt === undefined || hash === undefined)
    throw new ActionError({
      message: 'begins with | but is not a hashed name of the form |1|salt|hash',
      hint: 'copy the line again, or let `ssh-keyscan -H` make it',
    });
  const key = Buffer.from(salt, 'base64');
  return (name) => createHmac('sha1', key).update(name).digest('base64') === hash;
}

/** Patterns with commas between them: one must match, and none that begins with `!`. */
function listed(names: string): Entry['covers'] {
  const patterns = names.toLowerCase().split(',');
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const positive = patterns.filter((pattern) => !pattern.startsWith('!'));
  const isAmong = (list: readonly string[], name: string) => list.some((pattern) => matches(pattern, name));
  return (name) => isAmong(positive, name) && !isAmong(negated, name);
}

/** Whether a name matches a pattern of `*` (any text) and `?` (any one character), in time that stays small. */
function matches(pattern: string, name: string): boolean {
  let at = 0;
  let afterStar = -1;
  let retryFrom = 0;
  for (let index = 0; index < name.length;) {
    if (pattern[at] === '*') {
      afterStar = ++at;
      retryFrom = index;
    } else if (pattern[at] === '?' || pattern[at] === name[index]) {
      at++;
      index++;
    } else if (afterStar >= 0) {
      at = afterStar;
      index = ++retryFrom;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
