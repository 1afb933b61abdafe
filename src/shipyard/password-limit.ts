import { ActionError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/** bcrypt looks at no more: what comes after would be decoration. */
const PASSWORD_LIMIT = 72;

/** Throws ActionError for a new password of which Shipyard would look at a part only. */
export function refuseLong(password: Secret): void {
  if (Buffer.byteLength(password.reveal()) <= PASSWORD_LIMIT) return;
  throw new ActionError({
    message: `shipyard-password: has more than ${PASSWORD_LIMIT} bytes, and the account still has the published password`,
    hint: `Shipyard looks at the first ${PASSWORD_LIMIT} bytes only: store a shorter password`,
  });
}
