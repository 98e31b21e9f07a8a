import { createRequire } from 'node:module';
import type { ExtensionContext } from 'vscode';
import type { OpenCluster } from '#cluster/api.ts';
import type { StartLanguageClient } from './language-client.ts';

/**
 * The Kubernetes client and the language client are bundles of their own, each several times the size of the
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
