import type { FirewallPolicy } from '../firewall/choose.ts';
import type { Certificate } from '../authority/certificate.ts';
import type { NodeSpec, SshAddress } from '../inventory/node-spec.ts';
import type { Secret } from '../secret.ts';
import type { KnownHosts } from '../ssh/known-hosts.ts';
import type { IncompatibleEngines } from '../shipyard/compatibility.ts';
import type { SshRoute } from '../ssh/route.ts';
import type { AuthorityBundle, AuthorityKeeper, AuthoritySource } from './authority-request.ts';

/** What the user asked for: every input that its command takes, read, checked and typed. */
export type Request =
  | ApplyRequest
  | InitCaRequest
  | PlanRequest
  | StatusRequest
  | RemoveRequest
  | CheckRequest
  | ScanRequest
  | AddNodeRequest;

export type Command = Request['command'];

/** Rotating the authority ends in what applying does, so that both take the same. */
export type ApplyRequest = SetUpRequest & {
  readonly command: 'apply' | 'rotate-ca';
  /** Where it is given, only the plan with this digest may be carried out. */
  readonly planDigest?: string;
};

export type InitCaRequest = SetUpRequest & { readonly command: 'init-ca' };

/** What a command needs that brings the nodes and the authority together. */
export type SetUpRequest = ClusterRequest & {
  readonly authority: AuthoritySource;
  /** The key ids of CAs that a new one may take the place of. */
  readonly replaceCa: readonly string[];
  readonly saveCa: AuthorityKeeper;
  readonly certificates: CertificatePolicy;
  readonly firewall: FirewallPolicy;
  /** What is to be done about nodes whose Docker refuses Shipyard's API. */
  readonly incompatibleEngines: IncompatibleEngines;
  /** Older generations of the authority are in the wrong hands: no overlap with them. */
  readonly compromised: boolean;
  /** Consent to remove engines of ours that are in no entry of the inventory. */
  readonly prune: boolean;
};

/** Apply's request without its keys. */
export type PlanRequest = ClusterRequest &
  Pick<
    ApplyRequest,
    'certificates' | 'firewall' | 'incompatibleEngines' | 'compromised' | 'prune' | 'replaceCa'
  > & {
    readonly command: 'plan';
    /** The certificates of the authority, and the input that holds them. */
    readonly authority: { readonly input: 'ca' | 'ca-file' | 'ca-certificate'; readonly text: string };
  };

export type StatusRequest = ClusterRequest & { readonly command: 'status' };

export type RemoveRequest = ClusterRequest & {
  readonly command: 'remove';
  /** Tells more engines for ours than name and address do. */
  readonly authority?: AuthorityBundle;
};

export type CheckRequest = {
  readonly command: 'check';
  /** The asked nodes in the order of the inventory. */
  readonly nodes: readonly NodeSpec[];
  /** Where it is given, a port that does not answer this machine is read through SSH. */
  readonly ssh?: SshCredentials;
  /** Where it is given, the client certificates of the engines are read too. */
  readonly shipyard?: ShipyardTarget;
  readonly policy: CheckPolicy;
  /** How many nodes are logged in to at once. */
  readonly concurrency: number;
  readonly connectTimeoutSeconds: number;
};

export type CheckPolicy = {
  readonly warnBeforeDays: number;
  /** At most `warnBeforeDays`. */
  readonly failBeforeDays: number;
  /** The CAs that may have issued a certificate, at least one; without them issuer and names are not judged. */
  readonly trusted?: readonly Certificate[];
};

export type ScanRequest = {
  readonly command: 'scan-host-keys';
  /** The asked nodes in the order of the inventory, then the master and the jump hosts; each server once. */
  readonly hosts: readonly ScannedHost[];
  /** Only for jump hosts: who wants to get past one has to log in to it. */
  readonly ssh: SshCredentials | undefined;
  readonly concurrency: number;
  readonly connectTimeoutSeconds: number;
};

export type AddNodeRequest = {
  readonly command: 'add-node';
  /** Of the inventory. */
  readonly path: string;
  /** Of the node. */
  readonly name: string;
  /** The inventory with the node in it; absent when it is there already. */
  readonly text?: string;
};

export type ScannedHost = {
  /** What the log calls it: the name of the node, or the input that names the host. */
  readonly name: string;
  readonly route: SshRoute;
};

/** What a command needs that logs in to nodes: which they are, how to log in, how to go about it, and Shipyard. */
export type ClusterRequest = {
  readonly nodes: readonly NodeSpec[];
  readonly ssh: SshCredentials;
  readonly rollout: Rollout;
  /** Absent when neither `shipyard-url` nor `shipyard-master` is given: nothing is registered or unregistered then. */
  readonly shipyard?: ShipyardTarget;
};

/** What is known of SSH servers beside the inventory. */
export type SshNetwork = {
  readonly knownHosts: KnownHosts;
  /** The hosts that lead to all others, the nearest first, where a node does not name its own. */
  readonly jumps: readonly SshAddress[];
};

export type SshCredentials = SshNetwork & {
  /** At least one; each host is offered them in this order. */
  readonly privateKeys: readonly Secret[];
  /** For those keys that are encrypted. */
  readonly passphrase?: Secret;
  /** What sudo asks users for who are not root; without it sudo must not ask. */
  readonly sudoPassword?: Secret;
};

export type KeyAlgorithm = 'ecdsa-p256' | 'rsa-2048' | 'rsa-3072';

export type CertificatePolicy = {
  readonly keyAlgorithm: KeyAlgorithm;
  readonly certDays: number;
  readonly caDays: number;
  /** For a new authority; its generation is added to the first. */
  readonly caCommonName: string;
  readonly caOrganization: string;
  readonly renewBefore: RenewalWindow;
  readonly forceRenew: 'none' | 'all' | readonly string[];
};

/** A certificate is due when less than this of its life is left. */
export type RenewalWindow = { readonly days: number } | { readonly percent: number };

/** Which nodes are changed, how many at a time, and how long anything may take. */
export type Rollout = {
  /** Names of nodes, at least one, in the order of the inventory. */
  readonly only: 'all' | readonly string[];
  readonly maxUnavailable: MaxUnavailable;
  /** How many nodes are changed first, before all others; 0 for no such group. */
  readonly canary: number;
  readonly onFailure: 'stop' | 'continue';
  /** How many nodes are read and prepared at once. */
  readonly concurrency: number;
  /** Without a confirmation within this time a node undoes its change; less than `timeoutSeconds`. */
  readonly rollbackTimeoutSeconds: number;
  /** Consent to restart Docker where containers would stop. */
  readonly allowContainerRestart: boolean;
  /** For the whole run. */
  readonly timeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
  readonly commandTimeoutSeconds: number;
};

/** How many nodes may be restarting at the same time; `percent` is of the nodes to be changed. */
export type MaxUnavailable = { readonly count: number } | { readonly percent: number };

export type ShipyardTarget = {
  /** Scheme, host and port, without a trailing slash; as seen from `master` where that is given. */
  readonly url: string;
  readonly master?: SshAddress;
  readonly credentials: ShipyardCredentials;
  /** Whether the Shipyard CLI in a container adds and removes engines, or the action itself over HTTP. */
  readonly mode: ShipyardMode;
  /** Consent to start Shipyard on the master where nothing answers. */
  readonly deployment?: ShipyardDeployment;
  /** An image with the Shipyard CLI; the action makes its own when absent. */
  readonly cliImage?: string;
};

/** The images that Shipyard is started from on the master: the two programs, or one that starts them itself. */
export type ShipyardDeployment =
  | { readonly kind: 'images'; readonly controller: string; readonly database: string }
  | { readonly kind: 'deployer'; readonly image: string };

export type ShipyardMode = 'cli' | 'api';

export type ShipyardCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'service-key'; readonly key: Secret };
