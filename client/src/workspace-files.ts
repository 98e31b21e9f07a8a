import { Uri, workspace } from 'vscode';
import type { FilesResult, ReadFileParams, ReadFileResult } from '#core/protocol.ts';

/** As many as the server reads by itself where it can. */
const maxFiles = 5000;
const maxFileBytes = 5 * 1024 * 1024;

/** What the server asks of the client where it has no file system: in a browser, and in a remote repository. */
export async function listFiles(): Promise<FilesResult> {
  const found = await workspace.findFiles('**/*.{yaml,yml,json}', '{**/node_modules/**,**/.*/**}', maxFiles);
  return { uris: found.map((uri) => uri.toString()) };
}

export async function readFile({ uri }: ReadFileParams): Promise<ReadFileResult> {
  const file = Uri.parse(uri, true);
  // The server names only what it was given; anything else is not its business.
  if (workspace.getWorkspaceFolder(file) === undefined) return { text: null };
  try {
    const { size } = await workspace.fs.stat(file);
    if (size > maxFileBytes) return { text: null };
    return { text: new TextDecoder().decode(await workspace.fs.readFile(file)) };
  } catch {
    return { text: null }; // It has gone since it was listed.
  }
}
