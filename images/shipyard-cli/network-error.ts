/** The words of Go's network stack for what went wrong on the way to the controller. */
export const describeNetworkError = (error: unknown): string => {
  const first = firstOf(error);
  const { code = '', address = '', port = 0, hostname = '' } = first;
  const dialled = dialErrors.get(code);
  if (dialled !== undefined) {
    return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: ${dialled}`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `dial tcp: lookup ${hostname}: no such host`;
  }
  if (/wrong version number|packet length too long/.test(first.message)) {
    return 'http: server gave HTTP response to HTTPS client';
  }
  // Node has one code for a reset and for an end before the answer; only the system's call tells them apart.
  if (code === 'ECONNRESET') {
    return first.message.startsWith('read') ? 'read: connection reset by peer' : 'EOF';
  }
  return certificateErrors.get(code) ?? first.message.split('\n', 1)[0] ?? '';
};

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

const dialErrors = new Map([
  ['ECONNREFUSED', 'connect: connection refused'],
  ['EHOSTUNREACH', 'connect: no route to host'],
  ['ENETUNREACH', 'connect: network is unreachable'],
  ['ETIMEDOUT', 'i/o timeout'],
]);

const unknownAuthority = 'x509: certificate signed by unknown authority';

const certificateErrors = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownAuthority],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['CERT_HAS_EXPIRED', 'x509: certificate has expired or is not yet valid'],
  ['CERT_NOT_YET_VALID', 'x509: certificate has expired or is not yet valid'],
]);
