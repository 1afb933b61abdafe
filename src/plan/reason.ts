/** Why something is changed. */
export type Reason =
  /** There is no certificate, configuration or engine of ours yet. */
  | 'missing'
  /** Less of the certificate's life is left than `renew-before`. */
  | 'expiring'
  | 'expired'
  /** The inventory asks for other names or addresses than the certificate carries. */
  | 'san-changed'
  /** The certificate is not from our authority. */
  | 'wrong-issuer'
  /** The certificate is of an older generation of the CA. */
  | 'rotation'
  /** The private key does not belong to the certificate. */
  | 'key-mismatch'
  /** The installed CA certificates are not those of the authority. */
  | 'trust-changed'
  /** The daemon serves another certificate than the installed one, or none. */
  | 'served-differs'
  /** The daemon's configuration, the service's, or the modes of our files are not as they should be. */
  | 'config-drift'
  /** The firewall rules in force, or what loads them at boot, are not those that were asked for. */
  | 'firewall-drift'
  /** `force-renew` names the node. */
  | 'forced'
  /** The node is to be taken out. */
  | 'removal'
  /** The node has no engine in Shipyard. */
  | 'unregistered'
  /** Shipyard's engine differs from what was asked. */
  | 'registration-differs'
  /** Shipyard has more than one engine of ours for the node. */
  | 'duplicate'
  /** No entry of the inventory has the engine, which is ours. */
  | 'unasked';
