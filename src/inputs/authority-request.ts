import type { SecretPlace } from '../github/secret-place.ts';
import type { Secret } from '../secret.ts';

/** Where the authority comes from. `create` is consent to make one; it never replaces one that is given. */
export type AuthoritySource =
  | AuthorityBundle
  | {
      readonly kind: 'import';
      readonly certificate: string;
      readonly key: Secret;
      readonly passphrase: Secret;
    }
  | { readonly kind: 'create'; readonly passphrase: Secret };

export type AuthorityBundle = {
  readonly kind: 'bundle';
  /** Where it came from, for messages. */
  readonly input: 'ca' | 'ca-file';
  readonly bundle: Secret;
  readonly passphrase: Secret;
};

/** Who keeps an authority that this run made or changed, beyond the run. */
export type AuthorityKeeper =
  /** Whoever reads the output `ca` of the run. */
  | { readonly kind: 'output' }
  /** The repository, once somebody has committed the file. */
  | { readonly kind: 'file'; readonly path: string }
  /** GitHub. */
  | { readonly kind: 'secret'; readonly token: Secret; readonly place: SecretPlace };
