import { expect, test } from 'vitest';
import { annotationOf } from '#cluster/operations/expose-annotation.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { routerLabel } from '#core/manifest/names.ts';
import { router } from './objects-of-a-router.ts';

const annotations = { 'egress-router-tools/expose': 'true' };
const service = (controller: boolean, uid = 'u-router') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'egress-a',
    labels: { [routerLabel]: 'egress-a' },
    ownerReferences: [
      {
        apiVersion: 'network.operator.openshift.io/v1',
        kind: 'EgressRouter',
        name: 'egress-a',
        uid,
        controller,
      },
    ],
  },
});

test.each<[string, object, ReturnType<typeof service> | undefined, (string | undefined)[]]>([
  ['none', {}, undefined, [undefined, undefined, undefined]],
  ['one', { annotations }, undefined, ['ignored-by-cno', 'kept-by-operator', undefined]],
  [
    'one, and the Service of the operator',
    { annotations },
    service(true),
    ['ignored-by-cno', 'kept-by-operator', 'kept-by-operator'],
  ],
  [
    'one, and a Service made by hand',
    { annotations },
    service(false),
    ['ignored-by-cno', undefined, undefined],
  ],
  [
    'one, and the Service of an earlier router',
    { annotations },
    service(true, 'u-old'),
    ['ignored-by-cno', undefined, undefined],
  ],
])(
  'what comes of an annotation under CNO, our operator and nobody known: %s',
  (_, meta, present, expected) => {
    const live = router({}, meta);
    const parsed = parseRouter(live).router;
    if (parsed === undefined) throw new Error('The router of this test has faults.');
    const outcomes = (['cno', 'agent', undefined] as const).map((by) =>
      annotationOf(parsed, live, present, by),
    );
    expect(outcomes).toEqual(expected);
  },
);
