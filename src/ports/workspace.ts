/** The files of the repository that was checked out. */
export type Workspace = {
  /**
   * Makes or replaces a file, its path absolute or relative to the workspace, and makes its directories. Whoever reads
   * it sees the old text or the new one, whole. Rejects with ActionError that says why not.
   */
  writeFile(path: string, text: string): Promise<void>;
};
