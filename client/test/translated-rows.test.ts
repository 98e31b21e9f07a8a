// In another language nothing of ours is left in English of what the view shows, on its rows, in their tooltips, and
// for those who hear it.
import { expect, test, vi } from 'vitest';
import { SidebarMaker } from '#client/tree/sidebar.ts';
import type { TreeNode } from '#client/tree/tree-node.ts';
import { toRouterViews } from '#cluster/router-view.ts';
import type { WatchedKind } from '#cluster/store.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import {
  conditions,
  deployment,
  event,
  nad,
  ofCno,
  pod,
  router,
  service,
  storeOf,
} from '../../cluster/test/objects-of-a-router.ts';
import { untranslated } from '../../test/e2e/pseudo-language.ts';

vi.mock('vscode', async () => {
  const { pseudoL10n } = await import('./pseudo-bundle.ts');
  return { l10n: pseudoL10n() };
});

const up = conditions({ Available: ['True', 'Available', 'The router pod is ready.'] });
const noNic =
  'plugin type="multus" failed (add): error adding container to network "a": macvlan master "ens9" does not exist on this node (it has: eth0)';
const simulated = { [simulatedAnnotation]: 'network namespaces need root, this is an ordinary user' };
const [nadOfCno, deploymentOfCno] = ofCno('2026-01-01T11:00:00Z');
const portless = {
  ...service({ app: 'egress-router-cni' }),
  spec: { selector: { app: 'egress-router-cni' } },
};

test.each<[string, readonly KubernetesObject[], (readonly WatchedKind[])?]>([
  ['is up', [router(up), nad(), deployment(), pod('ready'), service({ app: 'egress-router-cni' })]],
  ['has a Service without ports', [router(up), nad(), deployment(), pod('ready'), portless]],
  ['waits', [router(), nad(), deployment(), pod('pending')]],
  ['cannot come up', [router(), nad(), deployment(), pod('pending'), event('FailedCreatePodSandBox', noNic)]],
  ['has no pod', [router(), nad(), deployment()]],
  ['is not acted on', [router()]],
  ['is of the CNO, and old', [router(), nadOfCno, deploymentOfCno, pod('ready')]],
  ['is simulated', [router(up), nad(), deployment(), pod('ready', { annotations: simulated })]],
  [
    'is going',
    [router(up, { deletionTimestamp: '2026-01-01T11:00:00Z' }), nad(), deployment(), pod('ready')],
  ],
  [
    'is not seen whole',
    [router(up)],
    ['deployment', 'furtherDeployment', 'pod', 'furtherPod', 'service', 'nad'],
  ],
])('a router that %s', (_, objects, hidden = []) => {
  const routers = toRouterViews(storeOf(objects, hidden));
  for (const connection of [
    { kind: 'live' } as const,
    {
      kind: 'unreachable',
      since: '2026-01-01T11:00:00Z',
      reason: 'timed-out',
      message: 'Log in again.',
    } as const,
  ]) {
    const snapshot: RoutersSnapshot = { context: 'okd', scope: { kind: 'cluster' }, connection, routers };
    const sidebar = new SidebarMaker().make(
      { kind: 'open', namespace: 'demo', snapshot },
      { namespace: undefined, grouping: 'namespace', filter: '' },
    );
    const said = [sidebar.message ?? '', ...sidebar.nodes.flatMap(textsOf)];
    expect(said.length).toBeGreaterThan(5);
    expect([...new Set(said)].filter(isLeft)).toEqual([]);
  }
});

function textsOf(node: TreeNode): readonly string[] {
  const { label, description, tooltip, spoken, command, children } = node;
  const own = [label, description, tooltip, spoken, command?.title];
  return [...own.flatMap((text) => text ?? []), ...(children?.() ?? []).flatMap(textsOf)];
}

/** Words of ours; a kind before a name, and what a person did not write, is not. */
function isLeft(text: string): boolean {
  const rest = untranslated(text).replaceAll(/\b[A-Z]\w+ [\w/.-]+|^Deployment$/g, '');
  return /[A-Za-z]{2,} [a-z]{2,}|^[A-Z][a-z]+$/.test(rest);
}
