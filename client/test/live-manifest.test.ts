import { expect, test } from 'vitest';
import { toManifest } from '#client/commands/live-manifest.ts';

const live = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: {
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    creationTimestamp: '2026-11-22T10:00:00Z',
    generation: 2,
    labels: { team: 'web' },
    managedFields: [{ manager: 'kubectl' }],
    name: 'egress-a',
    namespace: 'demo',
    resourceVersion: '7',
    uid: 'u-1',
  },
  spec: {
    addresses: [{ gateway: '192.168.12.1', ip: '192.168.12.99/24' }],
    mode: 'Redirect',
    redirect: {
      redirectRules: [
        { destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' },
        { destinationIP: '203.0.113.26', port: 81, protocol: 'UDP' },
      ],
    },
  },
  status: { conditions: [] },
};

const written = {
  kind: 'EgressRouter',
  metadata: { name: 'egress-a' },
  spec: {
    redirect: { redirectRules: [{ port: 80, protocol: 'TCP', destinationIP: '203.0.113.25' }] },
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  },
};

test('what the API server notes and fills in is left out, and fields stand as they are written', () => {
  expect(JSON.stringify(toManifest(live, written))).toBe(
    JSON.stringify({
      kind: 'EgressRouter',
      metadata: { name: 'egress-a', labels: { team: 'web' } },
      spec: {
        redirect: {
          redirectRules: [
            { port: 80, protocol: 'TCP', destinationIP: '203.0.113.25' },
            { port: 81, protocol: 'UDP', destinationIP: '203.0.113.26' },
          ],
        },
        addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      },
      apiVersion: 'network.operator.openshift.io/v1',
    }),
  );
});

test('annotations of people stay', () => {
  const annotations = { owner: 'web', ...live.metadata.annotations };
  const { metadata } = toManifest({ ...live, metadata: { ...live.metadata, annotations } }, undefined);
  expect(metadata).toMatchObject({ annotations: { owner: 'web' } });
});
