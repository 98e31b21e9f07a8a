import type { JsonObject } from '#core/schema/json-schema.ts';

/** A Service of a router but for these fields of its `spec`; undefined: without it. */
export type SpecCase = JsonObject;

/** A kube-apiserver takes them. */
export const takenSpecs: readonly SpecCase[] = [
  {},
  { ports: undefined, clusterIP: 'None' },
  { ports: [], clusterIP: 'None' },
  { ports: [{ port: 80, protocol: '' }] },
  { ports: [{ port: 80, targetPort: 0 }] },
  { ports: [{ port: 80, targetPort: '' }] },
  { ports: [{ port: 80, targetPort: 'abcdefghijklmno' }] },
  { ports: [{ port: 80 }] },
  {
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 80, protocol: 'UDP' },
    ],
  },
  {
    ports: [
      { name: 'a', port: 80, targetPort: 8080 },
      { name: 'b', port: 81, targetPort: 8080 },
    ],
  },
  { ports: [{ name: '80', port: 80 }] },
  { ports: [{ name: 'a'.repeat(63), port: 80 }] },
  { ports: [{ name: '', port: 80 }] },
  { type: 'NodePort' },
  { type: 'LoadBalancer' },
  { type: '' },
  { type: null },
  { type: 'ExternalName', externalName: 'a.example.com' },
  { selector: undefined, ports: undefined, type: 'ExternalName', externalName: 'a.example.com' },
  { type: 'ExternalName', externalName: 'a.example.com.' },
  { type: 'ExternalName', externalName: '10.1.2.3' },
  { externalName: 'a.example.com' },
  { clusterIP: 'None' },
  { clusterIP: '' },
  { clusterIP: '172.30.0.77' },
  { clusterIP: null },
  { sessionAffinity: 'ClientIP' },
  { sessionAffinity: '' },
  { sessionAffinity: null },
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 30 } } },
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86400 } } },
  { sessionAffinityConfig: { clientIP: { timeoutSeconds: 30 } } },
  { sessionAffinity: 'None', sessionAffinityConfig: { clientIP: { timeoutSeconds: 30 } } },
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: {} },
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: null } },
  { ports: [{ port: 80, nodePort: 30080 }], type: 'NodePort' },
  { ports: [{ port: 80, nodePort: 0 }], type: 'NodePort' },
  { ports: [{ port: 80, nodePort: 30080 }], type: 'LoadBalancer' },
  { ports: [{ port: 80, nodePort: 30080 }], type: 'ExternalName', externalName: 'a.b' },
  { ports: [{ port: 80, appProtocol: 'kubernetes.io/h2c' }] },
  { selector: { app: null } },
  { selector: {} },
  { selector: null },
  { ipFamilyPolicy: 'SingleStack' },
  { ipFamilyPolicy: 'PreferDualStack' },
  { ipFamilyPolicy: 'RequireDualStack' },
  { ipFamilies: ['IPv4'] },
  { ipFamilies: ['IPv6'] },
  { ipFamilies: [] },
  { clusterIP: 'None', ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] },
  { type: 'NodePort', externalTrafficPolicy: 'Local' },
  { externalTrafficPolicy: '' },
  { externalIPs: ['192.168.12.7'], externalTrafficPolicy: 'Local' },
  { internalTrafficPolicy: 'Local' },
  { trafficDistribution: 'PreferClose' },
  { trafficDistribution: 'PreferSameNode' },
  { type: 'LoadBalancer', loadBalancerIP: 'x' },
  { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] },
  { type: 'LoadBalancer', loadBalancerSourceRanges: [' 10.0.0.0/8'] },
  { type: 'LoadBalancer', loadBalancerSourceRanges: ['2001:DB8:0::/32'] },
  { type: 'LoadBalancer', loadBalancerClass: 'a/b' },
  { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false },
  { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30001 },
  { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 80 },
  { externalIPs: ['192.168.12.7'] },
  { externalIPs: ['192.168.12.7', '192.168.12.7'] },
  { ports: [{ port: 80, protocol: 'SCTP' }] },
  {
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81, protocol: 'UDP' },
    ],
    type: 'LoadBalancer',
  },
  {
    ports: [
      { name: 'a', port: 53, nodePort: 30053 },
      { name: 'b', port: 53, protocol: 'UDP', nodePort: 30053 },
    ],
    type: 'NodePort',
  },
  { ports: [{ port: 80, protocol: null }] },
];

/** It refuses them, and so do we: each with its problems, by code and path within `spec`. */
export const refusedSpecs: readonly (readonly [SpecCase, ...string[]])[] = [
  [{ ports: undefined }, 'missing-field'],
  [{ ports: [] }, 'missing-field ports'],
  [{ ports: null }, 'missing-field ports'],
  [{ ports: { port: 80 } }, 'wrong-type ports'],
  [{ ports: [null] }, 'wrong-type ports.0'],
  [{ ports: [{ port: null }] }, 'wrong-type ports.0.port'],
  [{ ports: [{ port: 80, targetPort: 70000 }] }, 'out-of-range ports.0.targetPort'],
  [{ ports: [{ port: 80, targetPort: 80.5 }] }, 'wrong-type ports.0.targetPort'],
  [{ ports: [{ port: 80, targetPort: -1 }] }, 'out-of-range ports.0.targetPort'],
  [{ ports: [{ port: 80.5 }] }, 'wrong-type ports.0.port'],
  [
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    },
    'service-port-repeated ports.1.name',
  ],
  [
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
    'service-port-repeated ports.1.port',
  ],
  [
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
      clusterIP: 'None',
    },
    'service-port-repeated ports.1.port',
  ],
  [
    {
      ports: [
        { name: null, port: 80 },
        { name: 'a', port: 81 },
      ],
    },
    'missing-field ports.0',
  ],
  [{ ports: [{ port: 80 }, { port: 81 }] }, 'missing-field ports.0', 'missing-field ports.1'],
  [{ ports: [{ name: 'HTTP', port: 80 }] }, 'invalid-name ports.0.name'],
  [{ ports: [{ name: 'a_b', port: 80 }] }, 'invalid-name ports.0.name'],
  [{ ports: [{ name: 'a.b', port: 80 }] }, 'invalid-name ports.0.name'],
  [{ ports: [{ name: 'a-', port: 80 }] }, 'invalid-name ports.0.name'],
  [{ ports: [{ name: 'a'.repeat(64), port: 80 }] }, 'wrong-length ports.0.name'],
  [{ type: 'clusterip' }, 'not-in-enum type'],
  [{ type: 'Headless' }, 'not-in-enum type'],
  [{ type: 'ExternalName' }, 'missing-field', 'not service-fields-conflict type'],
  [{ type: 3 }, 'wrong-type type'],
  [
    { type: 'ExternalName', externalName: 'A_b..c' },
    'wrong-format externalName',
    'not service-fields-conflict type',
  ],
  [{ type: 'ExternalName', externalName: '' }, 'missing-field', 'not service-fields-conflict type'],
  [
    { type: 'ExternalName', externalName: 'a.example.com', clusterIP: '10.0.0.5' },
    'service-fields-conflict clusterIP',
    'not service-fields-conflict type',
  ],
  [
    { type: 'ExternalName', externalName: 'a.example.com', clusterIP: 'None' },
    'service-fields-conflict clusterIP',
    'not service-fields-conflict type',
  ],
  [{ clusterIP: 'none' }, 'wrong-format clusterIP'],
  [{ clusterIP: '010.0.0.1' }, 'wrong-format clusterIP'],
  [{ clusterIP: '10.0.0.0/24' }, 'wrong-format clusterIP'],
  [{ clusterIP: 'None', clusterIPs: ['10.0.0.4'] }, 'service-fields-conflict clusterIPs'],
  [{ clusterIPs: ['None'] }, 'service-fields-conflict clusterIPs'],
  [{ clusterIP: 'None', clusterIPs: ['None', 'None'] }, 'service-fields-conflict clusterIPs'],
  [
    { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', 'fd00::1', '10.0.0.2'] },
    'service-fields-conflict clusterIPs',
  ],
  [{ type: 'NodePort', clusterIP: 'None' }, 'service-fields-conflict clusterIP'],
  [{ type: 'LoadBalancer', clusterIP: 'None' }, 'service-fields-conflict clusterIP'],
  [{ sessionAffinity: 'clientip' }, 'not-in-enum sessionAffinity'],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
    'out-of-range sessionAffinityConfig.clientIP.timeoutSeconds',
  ],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } } },
    'out-of-range sessionAffinityConfig.clientIP.timeoutSeconds',
  ],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeout: 3 } } },
    'unknown-field sessionAffinityConfig.clientIP.timeout',
  ],
  [{ ports: [{ port: 80, nodePort: 30080 }] }, 'service-fields-conflict ports.0.nodePort'],
  [
    {
      ports: [
        { name: 'a', port: 80, nodePort: 30080 },
        { name: 'b', port: 81, nodePort: 30080 },
      ],
      type: 'NodePort',
    },
    'service-port-repeated ports.1.nodePort',
  ],
  [
    {
      ports: [
        { name: 'a', port: 80, nodePort: 30080 },
        { name: 'b', port: 81, protocol: 'UDP', nodePort: 30080 },
      ],
      type: 'NodePort',
    },
    'service-port-repeated ports.1.nodePort',
  ],
  [{ ports: [{ port: 80, nodePort: '30080' }], type: 'NodePort' }, 'wrong-type ports.0.nodePort'],
  [{ ipFamilyPolicy: 'Dual' }, 'not-in-enum ipFamilyPolicy'],
  [{ ipFamilyPolicy: '' }, 'not-in-enum ipFamilyPolicy'],
  [{ ipFamilies: ['IPv4', 'IPv6'] }, 'service-fields-conflict ipFamilies'],
  [{ ipFamilies: ['IPv4', 'IPv4'] }, 'service-fields-conflict ipFamilies.1'],
  [{ ipFamilies: ['ipv4'] }, 'not-in-enum ipFamilies.0'],
  [{ ipFamilies: ['IPv4', 'IPv6', 'IPv4'] }, 'service-fields-conflict ipFamilies.2'],
  [{ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }, 'service-fields-conflict ipFamilies'],
  [{ externalTrafficPolicy: 'Local' }, 'service-fields-conflict externalTrafficPolicy'],
  [{ type: 'NodePort', externalTrafficPolicy: 'local' }, 'not-in-enum externalTrafficPolicy'],
  [{ internalTrafficPolicy: 'local' }, 'not-in-enum internalTrafficPolicy'],
  [{ internalTrafficPolicy: '' }, 'not-in-enum internalTrafficPolicy'],
  [{ trafficDistribution: 'Close' }, 'not-in-enum trafficDistribution'],
  [{ loadBalancerSourceRanges: ['10.0.0.0/8'] }, 'service-fields-conflict loadBalancerSourceRanges'],
  [
    { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] },
    'wrong-format loadBalancerSourceRanges.0',
  ],
  [{ loadBalancerClass: 'a/b' }, 'service-fields-conflict loadBalancerClass'],
  [{ allocateLoadBalancerNodePorts: true }, 'service-fields-conflict allocateLoadBalancerNodePorts'],
  [{ healthCheckNodePort: 30001 }, 'service-fields-conflict healthCheckNodePort'],
  [{ type: 'LoadBalancer', healthCheckNodePort: 30001 }, 'service-fields-conflict healthCheckNodePort'],
  [{ externalIPs: ['x'] }, 'wrong-format externalIPs.0'],
  [{ externalIPs: ['192.168.12.7/24'] }, 'wrong-format externalIPs.0'],
  [{ externalIPs: '192.168.12.7' }, 'wrong-type externalIPs'],
  [{ publishNotReadyAddresses: 'true' }, 'wrong-type publishNotReadyAddresses'],
  [{ clusterIp: 'None' }, 'unknown-field clusterIp'],
  [{ port: 80 }, 'unknown-field port'],
  [{ ports: [{ port: 80, protocol: 'udp' }] }, 'not-in-enum ports.0.protocol'],
  [{ ports: [{ port: 0 }] }, 'out-of-range ports.0.port'],
  [{ ports: [{ port: 65536 }] }, 'out-of-range ports.0.port'],
  [{ ports: [{ port: 80, hostPort: 80 }] }, 'unknown-field ports.0.hostPort'],
  [
    { ports: [{ port: 80 }, { port: 80 }], type: 'ExternalName', externalName: 'a.b' },
    'missing-field ports.0',
    'missing-field ports.1',
    'service-port-repeated ports.1.port',
    'not service-fields-conflict type',
  ],
];

/** It refuses them and we do not, as far as the Service alone tells: of the names of ports and pods more is known beside the router, some only the cluster knows, and some nobody writes for a router. */
export const untoldSpecs: readonly SpecCase[] = [
  { ports: [{ port: 80, targetPort: 'Web_1' }] },
  { ports: [{ port: 80, targetPort: 'abcdefghijklmnop' }] },
  { ports: [{ port: 80, targetPort: '80' }] },
  { ports: [{ port: 80, targetPort: 'a--b' }] },
  { clusterIP: '10.0.0.77' },
  { clusterIP: '8.8.8.8' },
  { clusterIP: 'fd00::1' },
  { clusterIP: '0.0.0.0' },
  { clusterIP: '127.0.0.1' },
  { ports: [{ port: 80, appProtocol: 'a b' }] },
  { ports: [{ port: 80, appProtocol: '' }] },
  { selector: { app: 1 } },
  { selector: ['app'] },
  { selector: { matchLabels: { app: 'x' } } },
  { selector: { 'a b': 'c' } },
  { selector: { app: 'a b' } },
  { selector: { app: 'a'.repeat(64) } },
  { type: 'LoadBalancer', loadBalancerClass: 'a b' },
  // Only the newest refuse it (StrictIPCIDRValidation): others clear the bits of the host.
  { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.1/8'] },
  { externalIPs: ['127.0.0.1'] },
  { externalIPs: ['169.254.1.1'] },
  { externalIPs: ['0.0.0.0'] },
  { externalIPs: ['224.0.0.1'] },
];

export function serviceOf(fields: SpecCase): JsonObject {
  const selector = { app: 'egress-router-cni' };
  const ports = [{ name: 'a', port: 80, protocol: 'TCP' }];
  const spec = Object.fromEntries(
    Object.entries({ selector, ports, ...fields }).filter(([, value]) => value !== undefined),
  );
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'partner-api' }, spec };
}
