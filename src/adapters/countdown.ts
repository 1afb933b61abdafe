/** Tells how much of a time limit is left, in milliseconds; 1 when it is over, since 0 means no limit to ssh2. */
export function countdown(limitMs: number): () => number {
  const end = performance.now() + limitMs;
  return () => Math.max(1, end - performance.now());
}
