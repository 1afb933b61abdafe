/** Ends the program with status 1; the message goes to standard output as a fatal log line. */
export class Fatal extends Error {
  override readonly name = 'Fatal';
}

/** Where the original panics: status 2, the message goes to standard error. */
export class Panic extends Error {
  override readonly name = 'Panic';
}
