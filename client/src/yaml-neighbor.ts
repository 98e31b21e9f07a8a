import { extensions, type TextDocument, workspace } from 'vscode';
import { holdsOnlyRouters } from './router-text.ts';

/** The general YAML extension, which many have. */
const neighborId = 'redhat.vscode-yaml';

/** It serves texts that it calls YAML; the same texts as JSON are not its business. */
export function hasNeighbor(document: TextDocument): boolean {
  return document.languageId === 'yaml' && extensions.getExtension(neighborId)?.isActive === true;
}

export function isNeighborInstalled(): boolean {
  return extensions.getExtension(neighborId) !== undefined;
}

/**
 * Hands the neighbor a schema for texts that hold nothing but EgressRouters: one that admits all and describes
 * nothing, since all there is to say about such a text is said by our server. Texts with other objects in them
 * keep the schema that the person has chosen: the neighbor takes one for the whole file.
 */
export async function introduceToNeighbor(log: (line: string) => void): Promise<void> {
  const neighbor = extensions.getExtension<unknown>(neighborId);
  if (neighbor === undefined) return;
  const api = await neighbor.activate();
  if (!takesContributors(api)) {
    log(`${neighborId} ${versionOf(neighbor.packageJSON)} takes no schemas: it may show some things twice`);
    return;
  }
  api.registerContributor(
    schemaScheme,
    (resource) => (holdsOnlyRouters(textOf(resource)) ? schemaUri : ''),
    // The neighbor names it above the text.
    () => JSON.stringify({ $id: schemaUri, title: 'Egress Router Tools' }),
  );
}

/** The neighbor finds who brings a schema by the scheme of its URI. */
const schemaScheme = 'egress-router-tools';
const schemaUri = `${schemaScheme}://schema/egress-router`;

interface TakesContributors {
  registerContributor(
    name: string,
    /** An empty text: none of ours. */
    requestSchema: (resource: string) => string,
    requestSchemaContent: (uri: string) => string,
  ): boolean;
}

function takesContributors(api: unknown): api is TakesContributors {
  return (
    typeof api === 'object' &&
    api !== null &&
    'registerContributor' in api &&
    typeof api.registerContributor === 'function'
  );
}

function textOf(resource: string): string {
  return workspace.textDocuments.find(({ uri }) => uri.toString() === resource)?.getText() ?? '';
}

function versionOf(manifest: unknown): string {
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
