/** Where files of the workspace that are not open can be read. */
export interface WorkspaceFiles {
  /**
   * The YAML and JSON files below some folders, by URI, in small batches. Ends by itself; what cannot be read is
   * left out. At most `maxFiles` of them, hidden folders and packages left out.
   */
  list(folders: readonly string[], signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** Undefined where there is no such file, or it is larger than `maxFileBytes`. */
  read(uri: string): Promise<string | undefined>;
}

export const maxFiles = 5000;
export const maxFileBytes = 5 * 1024 * 1024;
