import { createHash } from 'node:crypto';

/** A public SSH host key: its type (`ssh-ed25519`, …) and the wire blob of RFC 4253, section 6.6. */
export type HostKey = {
  readonly type: string;
  readonly blob: Buffer;
};

/** The fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint({ blob }: HostKey): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
