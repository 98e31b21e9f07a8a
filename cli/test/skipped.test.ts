import { expect, test } from 'vitest';
import { skippedText } from '#cli/skipped.ts';

test.each([
  ['a.yaml, document 2', 'Service', /^a\.yaml, document 2: Service is left alone\. .* kubectl apply takes/],
  ['a.yaml', 'unknown kind', /^a\.yaml: this is left alone, as it is no object of Kubernetes/],
  ['k/kustomization.yaml', 'unknown kind', /pipe it: kubectl kustomize k \| egress-router deploy -$/],
  ['kustomization.yml', 'Kustomization', /pipe it: kubectl kustomize \. \| egress-router deploy -$/],
  ['t.yaml, document 1', 'Template', /pipe it: oc process --local -f t\.yaml \| egress-router deploy -$/],
])('%s of kind %s', (source, kind, expected) => {
  expect(skippedText({ source, kind }, {})).toMatch(expected);
});

test('a router of OpenShift SDN is for migrate', () => {
  const skipped = { source: 'old/pod.yaml, document 2', kind: 'Pod', isLegacy: true } as const;
  expect(skippedText(skipped, { context: 'prod' })).toMatch(
    /^old\/pod\.yaml, document 2: this Pod .* egress-router migrate old\/pod\.yaml$/,
  );
});

test('a command to pipe into is for the same cluster', () => {
  const skipped = { source: 'k/kustomization.yaml', kind: 'Kustomization' };
  expect(skippedText(skipped, { program: 'oc egress-router', context: 'prod' })).toMatch(
    /kubectl kustomize k \| oc egress-router deploy - --context=prod$/,
  );
});
