/** An error whose message is the text that the Go program prints for it. */
export class GoError extends Error {
  override readonly name = 'GoError';
}
