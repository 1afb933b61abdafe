/** The words of Go's network stack for what went wrong on a connection of ours. */
export const describeNetworkError = (error: unknown): string => {
  const first = firstOf(error);
  const alert = /SSL alert number (\d+)/.exec(first.message)?.[1];
  if (alert !== undefined) {
    return `remote error: tls: ${alerts.get(Number(alert)) ?? `alert(${alert})`}`;
  }
  if (/wrong version number|packet length too long/.test(first.message)) {
    return 'http: server gave HTTP response to HTTPS client';
  }
  const { code = '', address = '', port = 0, hostname = '' } = first;
  const dialled = dialErrors.get(code);
  if (dialled !== undefined) {
    return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: ${dialled}`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `dial tcp: lookup ${hostname}: no such host`;
  }
  if (untrusted.has(code)) {
    return 'x509: certificate signed by unknown authority';
  }
  // Node has one code for a reset and for an end before the answer; only the system's call tells them apart.
  if (code === 'ECONNRESET') {
    return first.message.startsWith('read') ? 'read: connection reset by peer' : 'EOF';
  }
  return first.message.split('\n', 1)[0] ?? '';
};

/** The dial limit ran out; Node has no error of its own for it. */
export const dialTimeout = (address: string, port: number): Error =>
  Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT', address, port });

// Several addresses were tried: Go reports the first.
const firstOf = (error: unknown): SystemError =>
  (error as AggregatedError).errors?.[0] ?? (error as SystemError);

type AggregatedError = { readonly errors?: readonly SystemError[] };

type SystemError = Error & {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
};

// RFC 8446, section 6, in the words of Go's crypto/tls.
const alerts = new Map([
  [10, 'unexpected message'],
  [20, 'bad record MAC'],
  [40, 'handshake failure'],
  [42, 'bad certificate'],
  [43, 'unsupported certificate'],
  [44, 'revoked certificate'],
  [45, 'expired certificate'],
  [46, 'unknown certificate'],
  [47, 'illegal parameter'],
  [48, 'unknown certificate authority'],
  [49, 'access denied'],
  [50, 'error decoding message'],
  [51, 'error decrypting message'],
  [70, 'protocol version not supported'],
  [71, 'insufficient security level'],
  [80, 'internal error'],
  [109, 'missing extension'],
  [112, 'unrecognized name'],
  [116, 'certificate required'],
  [120, 'no application protocol'],
]);

const dialErrors = new Map([
  ['ECONNREFUSED', 'connect: connection refused'],
  ['EHOSTUNREACH', 'connect: no route to host'],
  ['ENETUNREACH', 'connect: network is unreachable'],
  ['EACCES', 'connect: permission denied'],
  ['ETIMEDOUT', 'i/o timeout'],
]);

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);
