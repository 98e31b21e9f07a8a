import { expect, test } from 'vitest';
import { followStored } from '#cluster/operations/follow.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { conditions, deployment, nad, pod, router } from './objects-of-a-router.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

test('a look at a router that is up, of which the operator does not tell which change it has seen', async () => {
  const up = conditions({ Available: ['True', 'PodReady', ''], Degraded: ['False', 'AsExpected', ''] });
  const lists: readonly (readonly [string, KubernetesObject])[] = [
    ['/egressrouters', router(up)],
    ['/network-attachment-definitions', nad()],
    ['/deployments', deployment()],
    ['/pods', pod('ready')],
  ];
  const handler: Handler = ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    if (searchParams.has('watch')) {
      response.writeHead(200).flushHeaders();
      return;
    }
    const isFurther = searchParams.get('labelSelector')?.includes('!=') === true;
    const items = isFurther ? [] : lists.filter(([end]) => pathname.endsWith(end)).map(([, one]) => one);
    sendJson(response, 200, { metadata: { resourceVersion: '1' }, items });
  };
  await using api = await startStubApi(handler);
  const { signal } = new AbortController();
  const options = { signal, onProgress: () => undefined, timeoutMs: 0 };
  expect(await followStored(api.connection, { namespace: 'demo', name: 'egress-a' }, options)).toEqual({
    kind: 'ready',
    message: expect.stringContaining('does not tell which change it has seen'),
  });
});
