import { expect, test } from 'vitest';
import { toHosts } from '#sandbox/node/hosts.ts';
import type { Pod, Service } from '#sandbox/objects.ts';

test('Services stand in a pod’s hosts file under the names it may call them by', () => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'client', namespace: 'demo' },
    spec: { containers: [] },
  };
  const service = (namespace: string, name: string, clusterIPs: readonly string[]): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { clusterIPs },
  });
  const services = [
    service('other', 'db', ['172.30.1.3']),
    service('demo', 'app', ['172.30.1.2', 'fd30::2']),
    service('demo', 'headless', ['None']),
  ];
  expect(toHosts(pod, ['10.128.0.2'], services)).toBe(`127.0.0.1	localhost
::1	localhost
10.128.0.2	client
172.30.1.2	app app.demo app.demo.svc app.demo.svc.cluster.local
fd30::2	app app.demo app.demo.svc app.demo.svc.cluster.local
172.30.1.3	db.other db.other.svc db.other.svc.cluster.local
`);
});
