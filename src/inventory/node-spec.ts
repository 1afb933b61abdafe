import type { HostKey } from '../ssh/host-key.ts';

/** Where an SSH server is, and as whom to log in. */
export type SshAddress = {
  readonly user: string;
  /** A DNS name in lower case, or an IPv4 or IPv6 address without brackets and without a zone. */
  readonly host: string;
  readonly port: number;
};

/** A host of ours, as the inventory asks for it; every field was checked. */
export type NodeSpec = {
  readonly name: string;
  /** Its place in the inventory, from 0: nodes of different ranks are renewed on different days. */
  readonly rank: number;
  readonly ssh: SshAddress;
  /** The hosts that lead to it, the nearest first, none for a direct connection; those of `ssh-jump` when absent. */
  readonly jumps?: readonly SshAddress[];
  /** Host keys that the inventory itself names; those of `ssh-known-hosts` are looked up by address. */
  readonly hostKeys: readonly HostKey[];
  /** The host part of the engine's URL: a DNS name in lower case, or an IP address without brackets. */
  readonly address: string;
  readonly enginePort: number;
  /** The one IP address to listen on; all of the node's when absent. */
  readonly listen?: string;
  /** DNS names and IP addresses for the certificate, beside `address`. */
  readonly sans: readonly string[];
  /** Labels for Shipyard; the node's name when the inventory names none. */
  readonly labels: readonly string[];
  /** Asked of Shipyard only where the inventory names it; otherwise the engine's own figure is registered. */
  readonly cpus?: number;
  /** In MB, as Shipyard counts. */
  readonly memory?: number;
};
