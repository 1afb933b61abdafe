import type { KeyObject } from 'node:crypto';

const MAGIC = Buffer.from('openssh-key-v1\0');
/** The size of a block where nothing is encrypted. */
const BLOCK = 8;

/** What the readable part of a private key in OpenSSH's format says; `undefined` when it is damaged. */
export type OpenSshKey = { readonly type: string; readonly isEncrypted: boolean };

/** Reads a block of the format that OpenSSH's PROTOCOL.key describes. */
export function readOpenSshKey(pem: string): OpenSshKey | undefined {
  const body = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const cipher = stringAt(body, MAGIC.length);
  const kdf = cipher && stringAt(body, cipher.end);
  const options = kdf && stringAt(body, kdf.end);
  const publicKey = options && stringAt(body, options.end + 4);
  const type = publicKey && stringAt(publicKey.value, 0);
  const sealed = publicKey && stringAt(body, publicKey.end);
  if (!cipher || !type || !sealed) return undefined;
  return { type: type.value.toString('latin1'), isEncrypted: cipher.value.toString('latin1') !== 'none' };
}

/** Writes an Ed25519 key in OpenSSH's format, not encrypted: no other carries one that SSH libraries read. */
export function writeOpenSshEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [secret, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const type = string('ssh-ed25519');
  const publicKey = Buffer.concat([type, string(point)]);
  // Two equal numbers tell a reader that it decrypted well; here nothing is encrypted.
  const plain = [Buffer.alloc(8), type, string(point), string(Buffer.concat([secret, point])), string('')];
  const size = plain.reduce((sum, { length }) => sum + length, 0);
  const padding = Buffer.from(
    Array.from({ length: (BLOCK - (size % BLOCK)) % BLOCK }, (_, index) => index + 1),
  );
  const body = Buffer.concat([
    MAGIC,
    ...[string('none'), string('none'), string(''), number(1), string(publicKey)],
    string(Buffer.concat([...plain, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}

function stringAt(buffer: Buffer, offset: number): { value: Buffer; end: number } | undefined {
  if (offset + 4 > buffer.length) return undefined;
  const end = offset + 4 + buffer.readUInt32BE(offset);
  return end > buffer.length ? undefined : { value: buffer.subarray(offset + 4, end), end };
}

function string(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
