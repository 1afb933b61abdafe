import type ssh2 from 'ssh2';

/** RSA keys sign with SHA-2 (RFC 8332); the type `ssh-rsa` as a signature means SHA-1 and is not asked for. */
export function signatureAlgorithms(type: string): ssh2.ServerHostKeyAlgorithm[] {
  const algorithms = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
  return algorithms as ssh2.ServerHostKeyAlgorithm[];
}
