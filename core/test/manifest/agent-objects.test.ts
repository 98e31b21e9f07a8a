import { expect, test } from 'vitest';
import { faultOfImage, toAgentObjects } from '#core/manifest/agent-objects.ts';

const image = 'registry.example/team/egress-router-agent:0.1.0';

test('every part stands in the namespace and runs the image', () => {
  const { crd, namespace, rbac, admission, node, operator, nodeCleanup } = toAgentObjects(image, 'elsewhere');
  expect(namespace.metadata).toMatchObject({
    name: 'elsewhere',
    labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
  });
  const placed = [...rbac, node, operator, nodeCleanup].flatMap(({ metadata }) => metadata.namespace ?? []);
  expect(new Set(placed)).toEqual(new Set(['elsewhere']));
  expect(placed).toHaveLength(6);
  const subjects = rbac.flatMap((object) => ('subjects' in object ? [object['subjects']] : []));
  expect(subjects).toEqual([1, 2].map(() => [expect.objectContaining({ namespace: 'elsewhere' })]));
  for (const part of [node, operator, nodeCleanup]) {
    expect(JSON.stringify(part).match(/"image":"[^"]*"/g)).toEqual([`"image":"${image}"`]);
  }
  const whole = JSON.stringify([rbac, admission, node, operator, nodeCleanup]);
  expect(whole).not.toContain('"namespace":"egress-router-tools"');
  expect(crd.metadata.name).toBe('egressrouters.network.operator.openshift.io');
});

test('what cleans a node takes the place of what installs on it', () => {
  const { node, nodeCleanup } = toAgentObjects(image, 'a');
  expect(nodeCleanup.metadata).toEqual(node.metadata);
  expect(JSON.stringify(nodeCleanup)).toContain('"remove","--stay"');
});

test.each([
  ['egress-router-agent'],
  ['egress-router-agent:0.1.0'],
  ['registry.example/egress-router-agent'],
  ['registry.example:5000/team/egress-router-agent:0.1.0'],
  ['localhost/egress_router__agent:latest'],
  ['[fd12::1]:5000/agent:1'],
  [`registry.example/agent@sha256:${'0'.repeat(64)}`],
  [`registry.example/agent:1@sha256:${'a'.repeat(64)}`],
  ['Registry.Example/agent:V1_RC'],
])('%s is an image reference', (text) => {
  expect(faultOfImage(text)).toBeUndefined();
});

test.each([
  ['', /empty/],
  ['https://registry.example/agent', /scheme/],
  ['docker://agent', /scheme/],
  ['registry.example/Agent', /lower-case/],
  ['registry.example/agent:', /has to be like/],
  ['registry.example/agent 1', /has to be like/],
  ['agent;rm', /has to be like/],
  ['registry.example//agent', /has to be like/],
  ['agent@sha256:12', /has to be like/],
  [`${'a-'.repeat(5_000)}!`, /has to be like/],
])('%j is none', (text, why) => {
  expect(faultOfImage(text)).toMatch(why);
});
