/** What is wrong with a served certificate, with the port that serves it, or with a client certificate in Shipyard. */
export type FindingKind =
  /** Nobody answers on the engine port. */
  | 'unreachable'
  /** The port takes connections and says nothing. */
  | 'silent'
  /** Something answers on the port, but serves no certificate. */
  | 'not-tls'
  /** A client without a certificate was answered. */
  | 'open'
  /** A client without a certificate was neither answered nor refused. */
  | 'not-refused'
  | 'expired'
  /** It ends within `warn-before`; fatal within `fail-before`. */
  | 'expiring'
  | 'not-yet-valid'
  /** It was issued by its own key. */
  | 'self-signed'
  /** It was issued by none of the certificates in `ca-certificate`. */
  | 'wrong-issuer'
  /** It does not carry every name of the node: its address and its `sans`. */
  | 'wrong-name'
  /** It is no certificate for a server, or none for a client. */
  | 'wrong-purpose'
  /** Shipyard lists no engine for the node. */
  | 'unregistered'
  /** Shipyard's engine has no certificate that can be read. */
  | 'missing'
  /** The private key in Shipyard's engine does not belong to its certificate. */
  | 'key-mismatch';

/** One thing that is wrong, printable, with what to do about it. A fatal one makes the run red. */
export type Finding = {
  readonly kind: FindingKind;
  readonly isFatal: boolean;
  readonly message: string;
  readonly hint: string;
};
