/** Where files of the workspace that are not open can be read. */
export interface WorkspaceFiles {
  /**
   * The YAML and JSON files below some folders, by URI, in small batches. Ends by itself; what cannot be read is
   * left out. At most `maxFiles` of them, hidden folders and packages left out.
   * @param onFolder told of each folder before it is read
   */
  list(
    folders: readonly string[],
    signal: AbortSignal,
    onFolder?: (folder: string) => void,
  ): AsyncIterable<readonly string[]>;
  /** Undefined where there is no such file, it is a link, or larger than `maxFileBytes`. */
  read(uri: string): Promise<string | undefined>;
  /**
   * Follows what is directly in a folder. Absent where only the client can. Fails for a folder that cannot be
   * followed.
   * @param onChange told of each entry that came, changed or went
   * @param onGone told, at the end, that the folder itself has gone or is another one now
   * @returns what ends it
   */
  readonly watch?: (
    folder: string,
    onChange: (change: EntryChange) => void,
    onGone: () => void,
  ) => () => void;
}

export interface EntryChange {
  readonly uri: string;
  /** It came, went, or is another one now; else something in it changed. */
  readonly isOther: boolean;
  /** It is a folder, and no link to one. */
  readonly isFolder: boolean;
}

export const maxFiles = 5000;
export const maxFileBytes = 5 * 1024 * 1024;
