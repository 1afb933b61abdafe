/** How often a lost token is replaced for one request: the other logins that cost it are over in a moment. */
export const RENEWALS = 3;
