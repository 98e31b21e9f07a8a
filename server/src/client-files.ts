import type { Connection } from 'vscode-languageserver';
import {
  type FilesResult,
  filesMethod,
  type ReadFileParams,
  type ReadFileResult,
  readFileMethod,
} from '#core/protocol.ts';
import { maxFiles, type WorkspaceFiles } from './workspace-files.ts';

/** The files of the workspace as the client answers for them: in a browser only it can read them. */
export function clientFiles(connection: Connection): WorkspaceFiles {
  return {
    async *list() {
      const { uris } = await connection.sendRequest<FilesResult>(filesMethod, null);
      yield uris.slice(0, maxFiles);
    },
    read: async (uri) => {
      const params: ReadFileParams = { uri };
      const { text } = await connection.sendRequest<ReadFileResult>(readFileMethod, params);
      return text ?? undefined;
    },
  };
}
