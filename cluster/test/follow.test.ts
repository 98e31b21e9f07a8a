import { expect, test } from 'vitest';
import type { Progress } from '#cluster/api.ts';
import { followStored } from '#cluster/operations/follow.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { conditions, deployment, nad, pod, router } from './objects-of-a-router.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

const up = conditions({ Available: ['True', 'PodReady', ''], Degraded: ['False', 'AsExpected', ''] });

/** What the lists hold, by how their paths end. */
type Lists = Readonly<Record<string, KubernetesObject>>;

function serving(lists: Lists, forbidden: readonly string[]): Handler {
  return ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const kind = pathname.replace(/^.*\//, '');
    if (forbidden.includes(kind)) return sendJson(response, 403, { kind: 'Status', code: 403 });
    if (searchParams.has('watch')) {
      response.writeHead(200).flushHeaders();
      return;
    }
    const isFurther = searchParams.get('labelSelector')?.includes('!=') === true;
    const one = isFurther ? undefined : lists[kind];
    sendJson(response, 200, { metadata: { resourceVersion: '1' }, items: one === undefined ? [] : [one] });
  };
}

async function look(lists: Lists, forbidden: readonly string[] = []) {
  await using api = await startStubApi(serving(lists, forbidden));
  const { signal } = new AbortController();
  const said: Progress[] = [];
  const onProgress = (progress: Progress): void => void said.push(progress);
  const options = { signal, onProgress, timeoutMs: 0 };
  const outcome = await followStored(api.connection, { namespace: 'demo', name: 'egress-a' }, options);
  return { outcome, said: said.map(({ part, message }) => [part, message]) };
}

test('a look at a router that is up, of which the operator does not tell which change it has seen', async () => {
  const lists = {
    egressrouters: router(up),
    'network-attachment-definitions': nad(),
    deployments: deployment(),
    pods: pod('ready'),
  };
  expect((await look(lists)).outcome).toEqual({
    kind: 'ready',
    message: expect.stringContaining('does not tell which change it has seen'),
  });
});

const nads = 'network-attachment-definitions';
const looking = [undefined, 'Looking at the router.'];
const running = 'Up. Pod egress-router-cni-deployment-5d9-x has 192.168.12.99.';

test.each<[string, Lists, readonly string[], Progress['part'], string]>([
  [
    'a pod proves what it was made from',
    { egressrouters: router(up), pods: pod('ready') },
    [nads, 'deployments'],
    'interface',
    running,
  ],
  [
    'a pod proves its NAD',
    { egressrouters: router(up), deployments: deployment(), pods: pod('ready') },
    [nads],
    'interface',
    running,
  ],
  [
    'without a pod nothing tells how far a router is',
    { egressrouters: router(up) },
    [nads, 'deployments'],
    undefined,
    'Up.',
  ],
  [
    'nor where pods may not be seen',
    { egressrouters: router(up), deployments: deployment() },
    [nads, 'pods'],
    undefined,
    'Up.',
  ],
  [
    'what may be seen and is not there is to come',
    { egressrouters: router() },
    ['pods'],
    'NAD',
    'You may not see Pods here, and no condition of the router tells that it is up. Ask for a role that may list them.',
  ],
])('of what may not be seen: %s', async (_, lists, forbidden, part, message) => {
  expect((await look(lists, forbidden)).said).toEqual([looking, [part, message]]);
});
