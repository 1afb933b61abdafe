/** Where the action's inputs come from. Nothing else of the environment is ever taken for an input. */
export type InputSource = {
  /** The text of one input without white space around it; empty when the input is not given. */
  input(name: string): string;
  /** The text of a file, its path absolute or relative to the workspace; `undefined` when there is no such file. */
  readFile(path: string): string | undefined;
};
