import { createHash } from 'node:crypto';
import { ActionError } from '../errors.ts';

/** A public SSH host key: its type (`ssh-ed25519`, …) and the wire blob of RFC 4253, section 6.6. */
export type HostKey = {
  readonly type: string;
  readonly blob: Buffer;
};

/** What is known of one host: keys it may show, and keys that must never be accepted again. */
export type HostKeys = {
  readonly trusted: readonly HostKey[];
  readonly revoked: readonly HostKey[];
};

/** The fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint({ blob }: HostKey): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Reads a key as a server sends it: the blob begins with its own type. */
export function hostKeyFromBlob(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return { type: blob.subarray(4, 4 + length).toString('latin1'), blob };
}

/** Reads `type base64 [comment]`, as in a `.pub` file. Throws ActionError also for a key that no server can prove to us. */
export function parseHostKey(text: string): HostKey {
  const [type = '', base64 = ''] = text.trim().split(/[ \t]+/);
  if (/^(SHA256|MD5):/.test(type))
    throw new ActionError({ message: 'is a fingerprint, not a key', hint: WHOLE_KEY });
  const key = decodeHostKey(type, base64);
  if (isVerifiable(key)) return key;
  throw new ActionError({
    message: `is of type ${type}, which cannot be verified here`,
    hint: `give a key of one of the types ${VERIFIABLE_TYPES.join(', ')}`,
  });
}

/** Decodes a key of any type; the base64 must hold that type and be whole. Throws ActionError. */
export function decodeHostKey(type: string, base64: string): HostKey {
  const blob = Buffer.from(base64, 'base64');
  if (base64 === '' || blob.toString('base64') !== base64)
    throw new ActionError({ message: 'is not a public key of the form "type base64"', hint: WHOLE_KEY });
  const [inner, ...parts] = wireStrings(blob);
  if (inner?.toString('latin1') !== type)
    throw new ActionError({ message: 'the type before the base64 is not the one inside', hint: WHOLE_KEY });
  if (SHAPES[type]?.(parts) === false)
    throw new ActionError({ message: `is a damaged ${type} key`, hint: WHOLE_KEY });
  return { type, blob };
}

/** Whether a server can prove to us that it has the key. */
export function isVerifiable({ type }: HostKey): boolean {
  return type in SHAPES;
}

const WHOLE_KEY =
  "copy a whole line from the host's /etc/ssh/ssh_host_*_key.pub, such as `ssh-ed25519 AAAA…`; only public keys belong here";

/** What follows the type in the key types that ssh2 verifies: RFC 8709, RFC 4253 and RFC 5656. */
const SHAPES: Readonly<Record<string, (parts: readonly Buffer[]) => boolean>> = {
  'ssh-ed25519': (parts) => parts.length === 1 && parts[0]?.length === 32,
  'ecdsa-sha2-nistp256': (parts) => isPoint(parts, 'nistp256', 65),
  'ecdsa-sha2-nistp384': (parts) => isPoint(parts, 'nistp384', 97),
  'ecdsa-sha2-nistp521': (parts) => isPoint(parts, 'nistp521', 133),
  // OpenSSH refuses a modulus below 1024 bits.
  'ssh-rsa': ([exponent, modulus, ...rest]) =>
    rest.length === 0 && exponent !== undefined && modulus !== undefined && modulus.length >= 128,
};

/** The types of keys that a server can prove to us that it has. */
export const VERIFIABLE_TYPES: readonly string[] = Object.keys(SHAPES);

function isPoint([curve, point, ...rest]: readonly Buffer[], name: string, bytes: number): boolean {
  return rest.length === 0 && curve?.toString('latin1') === name && point?.length === bytes && point[0] === 4;
}

/** The length-prefixed strings that fill a blob (RFC 4251, section 5); none when they do not fill it exactly. */
function wireStrings(blob: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  let offset = 0;
  while (offset + 4 <= blob.length) {
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) return [];
    strings.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return offset === blob.length ? strings : [];
}
