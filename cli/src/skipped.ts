import { dirname } from 'node:path';
import type { DeployPlan } from '#cluster/api.ts';
import { advisedCommand, type Called } from './advised-command.ts';

/** Why a document is not deployed, and with what it is. */
export function skippedText(
  { source, kind, isLegacy }: DeployPlan['skipped'][number],
  called: Called,
): string {
  const path = source.replace(/, (?:document|item) \d+.*$/, '');
  if (/(?:^|[\\/])kustomization\.ya?ml$/.test(path)) {
    return `${source}: a kustomization is not built: what it changes of the routers beside it is left out. For that, pipe it: kubectl kustomize ${dirname(path)} | ${advisedCommand(called, 'deploy', '-')}`;
  }
  if (isLegacy === true) {
    return `${source}: this ${kind} is a router of OpenShift SDN, which newer clusters do not run. Make an EgressRouter of it: ${advisedCommand({ program: called.program }, 'migrate', path)}`;
  }
  if (kind === 'Template') {
    return `${source}: a Template is not filled in. For its routers, pipe it: oc process --local -f ${path} | ${advisedCommand(called, 'deploy', '-')}`;
  }
  if (kind === 'unknown kind') {
    return `${source}: this is left alone, as it is no object of Kubernetes: it has no kind, or cannot be read.`;
  }
  return `${source}: ${kind} is left alone. Only EgressRouters are deployed; kubectl apply takes the rest.`;
}
