import { expect, test } from 'vitest';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toConfigMap } from '#core/manifest/config-map.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { toService } from '#core/manifest/service.ts';
import { toPort } from '#core/net/port.ts';
import { manifest, rule } from '../egress-router/manifests.ts';

function router(spec = {}): EgressRouter {
  const parsed = parseRouter(manifest(spec)).router;
  if (parsed === undefined) throw new Error('the manifest is not sound');
  return parsed;
}

const owner = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  name: 'partner-api',
  uid: 'u-1',
};

test('the NAD carries the configuration that the platform renders, and the probe port', () => {
  expect(
    toNad(router({ redirect: { redirectRules: [rule({ targetPort: 80 })], fallbackIP: '203.0.113.26' } }), {
      owner,
    }),
  ).toEqual({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      name: 'egress-router-cni-nad',
      namespace: 'web',
      labels: { 'egress-router-tools/router': 'partner-api' },
      ownerReferences: [owner],
    },
    spec: {
      config:
        '{"cniVersion":"0.4.0","type":"egress-router","name":"egress-router-cni-nad",' +
        '"ip":{"addresses":["192.168.12.99/24"],"gateway":"192.168.12.1",' +
        '"destinations":["8080 TCP 203.0.113.25 80"],"fallbackIP":"203.0.113.26"},"mac":"d2:95:55:5c:af:af","localPorts":["9410 TCP"]}',
    },
  });
});

test('plugin and router process get the same configuration', () => {
  expect(toConfigMap(router()).data['config.json']).toBe(toNad(router()).spec.config);
});

test('the Deployment runs one pod that never overlaps its successor', () => {
  const deployment = toDeployment(router(), { image: 'registry.example/agent:1', configHash: 'h', owner });
  expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
  expect(deployment.spec.replicas).toBe(1);
  expect(deployment.spec.selector.matchLabels).toEqual({ app: 'egress-router-cni' });
  expect(deployment.spec.template.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
  expect(deployment.spec.template.metadata.annotations).toEqual({
    'k8s.v1.cni.cncf.io/networks': '[{"name":"egress-router-cni-nad"}]',
    'egress-router-tools/config-hash': 'h',
  });
});

test('the router process holds NET_ADMIN and nothing else', () => {
  const { spec } = toDeployment(router(), { image: 'i', configHash: 'h' }).spec.template;
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.containers.map((container) => container.securityContext)).toEqual([
    {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    },
  ]);
});

test('the kubelet asks the router process whether it redirects, and whether it lives', () => {
  const { spec } = toDeployment(router(), { image: 'i', configHash: 'h' }).spec.template;
  const [container] = spec.containers;
  expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 9410 });
  expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 9410 });
  expect(container.ports).toContainEqual({ name: 'health', containerPort: 9410, protocol: 'TCP' });
  expect(container.resources).toEqual({
    requests: { cpu: '20m', memory: '64Mi' },
    limits: { memory: '128Mi' },
  });
});

test('the Service has a port for each protocol and number of the rules', () => {
  const redirectRules = [rule(), rule({ protocol: 'UDP', port: 53 }), rule({ protocol: 'UDP' })];
  expect(toService(router({ redirect: { redirectRules } }), { owner })).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'partner-api',
      namespace: 'web',
      labels: { app: 'egress-router-cni' },
      ownerReferences: [owner],
    },
    spec: {
      type: 'ClusterIP',
      selector: { app: 'egress-router-cni' },
      ports: [
        { name: 'tcp-8080', protocol: 'TCP', port: 8080, targetPort: 8080 },
        { name: 'udp-53', protocol: 'UDP', port: 53, targetPort: 53 },
        { name: 'udp-8080', protocol: 'UDP', port: 8080, targetPort: 8080 },
      ],
    },
  });
});

test('a port that serves both families stands in the Service once', () => {
  const addresses = [{ ip: '192.168.12.99/24' }, { ip: 'fd12::99/64' }];
  const redirectRules = [rule(), rule({ destinationIP: '2001:db8::25' })];
  expect(
    toService(router({ addresses, redirect: { redirectRules } })).spec.ports.map((port) => port.name),
  ).toEqual(['tcp-8080']);
});

test('a router with only a fallback is reached by the ports one asks for', () => {
  const service = toService(router({ redirect: { fallbackIP: '203.0.113.26' } }), {
    extraPorts: [{ protocol: 'TCP', port: toPort(443) }],
  });
  expect(service.spec.ports).toEqual([{ name: 'tcp-443', protocol: 'TCP', port: 443, targetPort: 443 }]);
});
