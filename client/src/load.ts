import { createRequire } from 'node:module';
import type { ExtensionContext } from 'vscode';
import type { OpenCluster } from '#cluster/api.ts';
import type { MakeCommands } from './commands/all.ts';
import type { StartLanguageClient } from './language-client.ts';

/**
 * The commands, the Kubernetes client and the language client are bundles of their own, each larger than the
 * extension, and are read with their first use; never in `activate`.
 */
export function loadOpenCluster(context: ExtensionContext): OpenCluster {
  const bundle = context.asAbsolutePath('dist/cluster.cjs');
  const { openCluster }: { readonly openCluster: OpenCluster } = createRequire(bundle)(bundle);
  return openCluster;
}

export function loadLanguageClient(context: ExtensionContext): StartLanguageClient {
  const bundle = context.asAbsolutePath('dist/language-client.cjs');
  const loaded: { readonly startLanguageClient: StartLanguageClient } = createRequire(bundle)(bundle);
  return loaded.startLanguageClient;
}

export function loadCommands(context: ExtensionContext): MakeCommands {
  const bundle = context.asAbsolutePath('dist/commands.cjs');
  const loaded: { readonly makeCommands: MakeCommands } = createRequire(bundle)(bundle);
  return loaded.makeCommands;
}
