import type { FieldHelp } from '#core/egress-router/draft.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Path, Severity } from '#core/problem.ts';

/**
 * What the extension and the language server say to each other beyond the Language Server Protocol. Positions
 * are the protocol's: lines and UTF-16 code units, both from 0.
 */

/** Request of the client: `DocumentsParams` to `DocumentsResult`. */
export const documentsMethod = 'egressRouter/documents';

export interface DocumentsParams {
  readonly textDocument: { readonly uri: string };
}

export interface DocumentsResult {
  /** The version of the text that was read: an answer for any other version is of no use. */
  readonly version: number;
  /** Every EgressRouter document of the text, in order. Other documents of the file are left out. */
  readonly documents: readonly RouterDocument[];
}

export interface RouterDocument {
  /** Absent where the document gives no name, or no text for it. */
  readonly name?: string;
  readonly namespace?: string;
  /** The document as plain data; absent where the YAML cannot be read or names no object. */
  readonly object?: KubernetesObject;
  /** What the editor underlines, errors first. A document with an error is not deployed. */
  readonly problems: readonly DocumentProblem[];
  /** All of the document, without its `---`. */
  readonly range: TextRange;
}

export interface DocumentProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: TextRange;
}

export interface TextRange {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/**
 * Notification of the client: what the cluster it is connected to knows, or null once there is none. Read by
 * `parseClusterFacts`, as everything that comes from outside.
 */
export const clusterFactsMethod = 'egressRouter/clusterFacts';

/**
 * Requests of a server that has no file system of its own (in a browser) to a client that said `files: true`
 * in its `initializationOptions`: null to `FilesResult`, and `ReadFileParams` to `ReadFileResult`.
 */
export const filesMethod = 'egressRouter/files';
export const readFileMethod = 'egressRouter/readFile';

export interface FilesResult {
  /** Of the YAML and JSON files of the workspace's folders, hidden ones and packages left out. */
  readonly uris: readonly string[];
}

export interface ReadFileParams {
  readonly uri: string;
}

export interface ReadFileResult {
  /** Null where there is no such file any more, or it is too large. */
  readonly text: string | null;
}

/**
 * Request of the client: null to `ManifestsResult`, all EgressRouters of the workspace's files and of what is open.
 * From then on the server tells what changes, by the notification with a `ManifestsResult` of the files concerned.
 */
export const manifestsMethod = 'egressRouter/manifests';
export const manifestsChangedMethod = 'egressRouter/manifestsChanged';

export interface ManifestsResult {
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly uri: string;
  /** None where the file has none anymore. */
  readonly manifests: readonly Manifest[];
}

export interface Manifest {
  readonly name: string;
  readonly namespace?: string;
  /** Absent where the document has an error, or waits for something to be filled in. */
  readonly object?: KubernetesObject;
  readonly range: TextRange;
}

/** Request of the client: `DraftParams` to `DraftResult`, about one field of a router that is being written. */
export const draftMethod = 'egressRouter/draft';

export interface DraftParams {
  /** Of the field. */
  readonly path: Path;
  /** The manifest as far as it is known. */
  readonly value: unknown;
}

export type DraftResult = FieldHelp;

/** Request of the client: `ToYamlParams` to `ToYamlResult`, as this project writes YAML. */
export const toYamlMethod = 'egressRouter/toYaml';

export interface ToYamlParams {
  /** Plain data. */
  readonly value: unknown;
}

export interface ToYamlResult {
  readonly text: string;
}

/**
 * Request of the client: `AsWrittenParams` to `AsWrittenResult`, or null where the value is too unlike the document,
 * or the text is not known.
 */
export const asWrittenMethod = 'egressRouter/asWritten';

export interface AsWrittenParams {
  readonly textDocument: { readonly uri: string };
  /** In the document whose value is to be another one. */
  readonly position: TextPosition;
  /** Plain data. */
  readonly value: unknown;
}

export interface AsWrittenResult {
  /** All of the file, as the person wrote it but for what the value says otherwise. */
  readonly text: string;
}

/**
 * Request of the client: `MigrationParams` to `MigrationResult`, or null where no router of OpenShift SDN is. What
 * comes of it is to be shown before it is applied.
 */
export const migrationMethod = 'egressRouter/migration';

export interface MigrationParams {
  readonly textDocument: { readonly uri: string };
  /** The first router that it touches is migrated. */
  readonly range: TextRange;
}

export type MigrationResult = {
  /** Of the text that was read. */
  readonly version: number;
  /** What was migrated, as people call it: `Pod "egress-1"`. */
  readonly origin: string;
} & (
  | {
      readonly kind: 'migrated';
      /** Of the whole file, afterwards. */
      readonly text: string;
      readonly losses: readonly string[];
      /** What was chosen in place of the person, to be looked at. */
      readonly questions: readonly string[];
      /** What is left to do. */
      readonly steps: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string }
);

/**
 * Command of the extension that a code action carries where the client said `migration: true` in its
 * `initializationOptions`; it takes one `MigrationParams`.
 */
export const migrateCommand = 'egressRouter.migrate';

/** Commands of the extension that a code lens carries; each takes one `DocumentTarget`. */
export const deployCommand = 'egressRouter.deploy';
export const diffCommand = 'egressRouter.diff';
/** Shows the router in the view of the cluster. */
export const revealCommand = 'egressRouter.reveal';
export const exposeCommand = 'egressRouter.expose';
export const teardownCommand = 'egressRouter.teardown';

/** The router that a code lens stands on. */
export interface DocumentTarget {
  readonly uri: string;
  readonly name: string;
  readonly namespace?: string;
  readonly range: TextRange;
}
