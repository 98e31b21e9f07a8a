import type { ClientCapabilities, Connection, Diagnostic, ServerCapabilities } from 'vscode-languageserver';
import type { BaseService } from '#language/base-service.ts';
import type { Client } from './client-options.ts';
import type { OpenDocument } from './documents.ts';
import type { Findings } from './findings.ts';
import type { KnownFiles } from './known-files.ts';
import type { Platform } from './platform.ts';
import type { Situation } from './situation.ts';

/** What every group of features is given. */
export interface Serving {
  readonly connection: Connection;
  readonly platform: Platform;
  readonly base: BaseService;
  readonly answer: Answer;
  /** As it said of itself at `initialize`; before that, of a client that can nothing. */
  readonly client: () => Client;
  readonly situation: Situation;
  /** Open or not. */
  readonly files: KnownFiles;
  readonly findings: Findings;
  /** All that is wrong with an open document, as the client takes it. */
  readonly diagnose: (document: OpenDocument) => Diagnostic[];
  /** Checks all open documents, because what is known around them has changed. */
  readonly checkAgain: () => void;
  /** What is told whenever a file of the workspace may be another one: it was opened, changed, closed, read, or has gone. */
  readonly onNews: (listener: () => void) => void;
  /** Reads the files of the workspace, if they have not been read, for a while. @returns whether all have been */
  readonly lookAround: () => Promise<boolean>;
  /** The client has opened and closed folders of the workspace, told by their URIs. */
  readonly changeFolders: (added: readonly string[], removed: readonly string[]) => void;
}

/**
 * Answers from the text that the question was about, or says that it has changed. `none` answers for a
 * document that is not open, and for a question that fails.
 */
export type Answer = <T>(
  uri: string,
  none: T,
  question: (document: OpenDocument) => T | Promise<T>,
) => Promise<T>;

/** Features that belong together: their part of the server's capabilities, and their handlers. */
export interface FeatureGroup {
  readonly capabilities: (client: Client, capabilities: ClientCapabilities) => Partial<ServerCapabilities>;
  readonly serve: (serving: Serving) => void;
}
