// What preflight says of who acts on EgressRouters, where this user may not look.
import { expect, test } from 'vitest';
import { checkReconciler } from '#cluster/operations/reconciler.ts';
import { sendJson, startStubApi } from './stub-api.ts';

test.each([
  ['a user who may see nothing', /./, 'information', /^Nothing tells .* you may not look in namespace /],
  ['one who may see all', /^$/, 'warning', /^No trace of an operator/],
  ['one who may see all but nodes', /nodes/, 'warning', /^No trace of an operator/],
])('who acts is not said to be missing to %s', async (_, hidden, verdict, message) => {
  await using api = await startStubApi(({ url = '' }, response) => {
    const isHidden = hidden.test(url);
    const status = isHidden ? 403 : url.includes('config.openshift.io') ? 404 : 200;
    const kind = status === 200 ? 'List' : 'Status';
    sendJson(response, status, { kind, apiVersion: 'v1', code: status, metadata: {}, items: [] });
  });
  const finding = await checkReconciler(api.connection, new AbortController().signal);
  expect(finding).toMatchObject({ verdict, message: expect.stringMatching(message) });
});
