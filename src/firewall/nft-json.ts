/** The parts of libnftables-json(5) that we look at. */
export type NftObject = {
  readonly chain?: {
    readonly name?: unknown;
    readonly type?: unknown;
    readonly hook?: unknown;
    readonly prio?: unknown;
    readonly policy?: unknown;
  };
  readonly set?: { readonly name?: unknown; readonly elem?: readonly unknown[] };
  readonly rule?: { readonly chain?: unknown; readonly expr?: readonly unknown[] };
};

/** `undefined` where it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The objects that `nft -j list` printed; none where it is something else. */
export function objectsOf(json: unknown): readonly NftObject[] {
  const listed = (json as { nftables?: unknown } | undefined | null)?.nftables;
  return Array.isArray(listed) ? (listed as readonly NftObject[]) : [];
}
