/** How often a lost token is replaced for one request: the other logins that cost it are over in a moment. */
const RENEWALS = 3;

/** Asks, and asks again with a new token while the answer says that the last one is lost. */
export async function withToken<T>(
  ask: () => Promise<T>,
  isLost: (answer: T) => boolean,
  renew: () => Promise<void>,
): Promise<T> {
  let answer = await ask();
  for (let left = RENEWALS; left > 0 && isLost(answer); left -= 1) {
    await renew();
    answer = await ask();
  }
  return answer;
}
