import { at } from '#core/json-value.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { Connection } from '../connect.ts';
import { groupOf, kinds, qualifiedPlural, type ResourceKind } from '../kinds.ts';
import { createObject } from '../objects.ts';

const needed = [
  { kind: kinds.egressRouter, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { kind: kinds.service, verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { kind: kinds.nad, verbs: ['list', 'watch'] },
  { kind: kinds.deployment, verbs: ['list', 'watch'] },
  { kind: kinds.pod, verbs: ['list', 'watch'] },
  { kind: kinds.event, verbs: ['list', 'watch'] },
] as const;

export async function checkPermissions(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<Finding> {
  const asked = needed.flatMap(({ kind, verbs }) => verbs.map((verb) => ({ kind, verb })));
  const answers = await Promise.all(
    asked.map(async ({ kind, verb }) => ({
      permission: `${verb} ${qualifiedPlural(kind)}`,
      isEssential: kind === kinds.egressRouter,
      isAllowed: await mayI(connection, { namespace, verb, kind }, signal),
    })),
  );
  const missing = answers.filter(({ isAllowed }) => !isAllowed);
  if (missing.length === 0) {
    const message = `You may do all that deploying and watching needs in namespace ${namespace}.`;
    return { code: 'permissions', verdict: 'ok', message };
  }
  const list = missing.map(({ permission }) => `"${permission}"`).join(', ');
  return {
    code: 'permissions',
    verdict: missing.some(({ isEssential }) => isEssential) ? 'error' : 'warning',
    message: `In namespace ${namespace} you lack ${list}. Ask for a role that grants it, or switch context.`,
  };
}

async function mayI(
  connection: Connection,
  {
    namespace,
    verb,
    kind,
  }: { readonly namespace: string; readonly verb: string; readonly kind: ResourceKind },
  signal: AbortSignal,
): Promise<boolean> {
  const { apiVersion, kind: kindName } = kinds.selfSubjectAccessReview;
  const resourceAttributes = { namespace, verb, group: groupOf(kind), resource: kind.plural };
  const body = { apiVersion, kind: kindName, metadata: {}, spec: { resourceAttributes } };
  const answer = await createObject(connection, kinds.selfSubjectAccessReview, body, { signal });
  return at(answer, 'status', 'allowed') === true;
}
