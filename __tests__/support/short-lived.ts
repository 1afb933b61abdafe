/** How long a certificate lives that `short-lived-entry.ts` makes. */
export const LIFETIME_SECONDS = 150;
