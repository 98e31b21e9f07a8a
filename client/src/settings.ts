import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { workspace } from 'vscode';
import { defaultRoutersPerNic } from '#core/platform/check-capacity.ts';

const section = 'egressRouter';

/** True when a change of the settings may have changed `kubeconfigPaths`. */
export function affectsKubeconfig(change: { affectsConfiguration(section: string): boolean }): boolean {
  return change.affectsConfiguration(`${section}.kubeconfig`);
}

/** Absent: as kubectl does. The setting is the machine's: no workspace can choose the files. */
export function configuredKubeconfigPaths(): readonly string[] | undefined {
  const text = workspace.getConfiguration(section).get<string>('kubeconfig', '').trim();
  return text === '' ? undefined : splitPaths(text);
}

/** Where the nodes pull the agent's image from; empty where nobody has said so. No workspace can choose it. */
export function configuredAgentImage(): string {
  return workspace.getConfiguration().get<string>(agentImageSetting, '').trim();
}

/** Patterns of contexts in which a deletion takes the router's name. No workspace can choose them. */
export function configuredProtectedContexts(): readonly string[] {
  const patterns: unknown = workspace.getConfiguration(section).get('protectedContexts');
  return Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === 'string') : [];
}

/** How many routers one NIC of a node is to have at most. */
export function configuredRoutersPerNic(): number {
  const limit: unknown = workspace.getConfiguration(section).get('routersPerNic');
  return typeof limit === 'number' && limit >= 1 ? limit : defaultRoutersPerNic;
}

export const agentImageSetting = `${section}.agentImage`;

/** The files to watch for changes; they need not exist. */
export function kubeconfigFiles(): readonly string[] {
  const configured = configuredKubeconfigPaths() ?? splitPaths(env['KUBECONFIG'] ?? '');
  return configured.length === 0 ? [join(homedir(), '.kube', 'config')] : configured;
}

/**
 * True where this window was given a sandbox to look at, as `npm start` does: its kubeconfig is named in the
 * environment, and no setting has led away from it.
 */
export function hasGivenSandbox(): boolean {
  const given = env['EGRESS_ROUTER_SANDBOX'];
  return given !== undefined && kubeconfigFiles().includes(given);
}

function splitPaths(text: string): readonly string[] {
  return text
    .split(delimiter)
    .filter((path) => path !== '')
    .map((path) => (path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path));
}
