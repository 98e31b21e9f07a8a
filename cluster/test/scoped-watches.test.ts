import { expect, test, vi } from 'vitest';
import { Pace } from '#cluster/pace.ts';
import { ScopedWatches } from '#cluster/scoped-watches.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

test('of a list that breaks off again and again, the start is shown once', async () => {
  let lists = 0;
  const handler: Handler = ({ url = '' }, response) => {
    if (!url.includes('/egressrouters')) return sendJson(response, 404, {});
    if (url.includes('continue=')) return sendJson(response, 500, {});
    lists++;
    const items = [{ metadata: { name: `of-list-${lists}`, namespace: 'demo' } }];
    sendJson(response, 200, { metadata: { resourceVersion: '1', continue: 'next' }, items });
  };
  await using api = await startStubApi(handler);
  const seen: string[] = [];
  const watches = new ScopedWatches(api.connection, {
    namespace: 'demo',
    pace: new Pace(),
    onEvent: (_, event) => {
      if (event.kind === 'put') seen.push(event.object.metadata.name);
    },
    onChange: () => undefined,
  });
  await vi.waitFor(() => expect(lists).toBe(3), { timeout: 10_000 });
  watches.close();
  expect(seen).toEqual(['of-list-1']);
});
