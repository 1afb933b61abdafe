import type { Authority } from '../authority/authority.ts';

/** What the wire must show of a node. */
export type Expectation =
  /** The certificate of the authority with this serial number, and a door that is closed to others. */
  | { readonly kind: 'serves'; readonly authority: Authority; readonly serial: string }
  /** Nothing listens. */
  | { readonly kind: 'closed' }
  /** What listened there before the first set-up: it has a certificate of its own, and demands one. */
  | { readonly kind: 'former' };
