import { expect, test } from 'vitest';
import type { ConnectionView, Place } from '#client/cluster/connection.ts';
import { toStatusText } from '#client/cluster/status-text.ts';
import type { ConnectionState } from '#cluster/view.ts';

const sandbox: Place = { context: 'sandbox', namespace: 'demo' };
const lost = { reason: 'unreachable', message: 'Cannot reach it.' } as const;

function open(connection: ConnectionState): ConnectionView {
  const snapshot = { context: 'sandbox', scope: { kind: 'cluster' }, connection, routers: [] } as const;
  return { kind: 'open', namespace: 'demo', snapshot };
}

test.each<[string, ConnectionView, Place | undefined, string | undefined]>([
  ['nobody has looked', { kind: 'closed' }, undefined, undefined],
  ['it is being opened', { kind: 'opening' }, undefined, undefined],
  ['a command ran', { kind: 'closed' }, sandbox, '$(server) sandbox / demo (default)'],
  [
    'a command got no answer',
    { kind: 'closed' },
    { ...sandbox, failure: lost },
    '! $(error) sandbox / demo (default)',
  ],
  ['the view is live', open({ kind: 'live' }), sandbox, '$(server) sandbox / demo (default)'],
  [
    'the view is live again',
    open({ kind: 'live' }),
    { ...sandbox, failure: lost },
    '$(server) sandbox / demo (default)',
  ],
  [
    'the view lost its connection',
    open({ kind: 'unreachable', since: '2026-11-22T10:00:00Z', ...lost }),
    sandbox,
    '! $(error) sandbox / demo (default)',
  ],
  [
    'there is no kubeconfig',
    { kind: 'failed', reason: 'no-kubeconfig', message: 'None.' },
    undefined,
    undefined,
  ],
  [
    'the kubeconfig is of no use',
    { kind: 'failed', reason: 'no-context', message: 'No "x".' },
    undefined,
    '! $(error) Egress routers: cannot connect',
  ],
  [
    'the context has a long name, and one that looks like an icon',
    { kind: 'closed' },
    { context: 'default/api-cluster-a-example-com:6443/kube$(x)', namespace: 'a$(b)' },
    '$(server) default/api-cluste…-com:6443/kube\\$(x) / a\\$(b) (default)',
  ],
])('what the status bar says when %s', (_, view, place, expected) => {
  const status = toStatusText(view, place, undefined);
  expect(status && `${status.isError ? '! ' : ''}${status.text}`).toBe(expected);
});

test('the status bar explains itself', () => {
  const view = open({ kind: 'unreachable', since: '2026-11-22T10:00:00Z', ...lost });
  expect(toStatusText(view, sandbox, 'demo')).toEqual({
    text: '$(error) sandbox / demo',
    tooltip: [
      'Context sandbox, namespace demo.',
      'Documents that name no namespace go to demo. The view lists demo.',
      'Cannot reach it.',
      'Click to switch the context.',
    ].join('\n\n'),
    spoken: 'Egress routers: context sandbox, namespace demo, unreachable',
    isError: true,
  });
});

test('where the view lists other namespaces, too, the one of the commands is told as their default', () => {
  expect(toStatusText(open({ kind: 'live' }), sandbox, undefined)).toEqual({
    text: '$(server) sandbox / demo (default)',
    tooltip: [
      'Context sandbox, default namespace demo.',
      'Documents that name no namespace go to demo. The view lists all namespaces.',
      'Click to switch the context.',
    ].join('\n\n'),
    spoken: 'Egress routers: context sandbox, default namespace demo',
    isError: false,
  });
});

test('a cluster that refuses is not called unreachable', () => {
  const since = '2026-11-22T10:00:00Z';
  const spoken = (reason: 'forbidden' | 'crd-missing'): string | undefined =>
    toStatusText(open({ kind: 'unreachable', since, reason, message: 'No.' }), sandbox, undefined)?.spoken;
  expect(spoken('forbidden')).toBe('Egress routers: context sandbox, default namespace demo, not permitted');
  expect(spoken('crd-missing')).toBe(
    'Egress routers: context sandbox, default namespace demo, no EgressRouter resource',
  );
});
