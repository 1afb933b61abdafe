/** The files of the repository that was checked out. */
export type Workspace = {
  /** Replaces a file, its path absolute or relative to the workspace. Rejects with ActionError that says why. */
  writeFile(path: string, text: string): Promise<void>;
};
