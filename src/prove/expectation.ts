import type { Authority } from '../authority/authority.ts';

/** What the wire must show of a node: the certificate of the authority with this serial number, and a closed door. */
export type Expectation = {
  readonly kind: 'serves';
  readonly authority: Authority;
  readonly serial: string;
};
