import { head, router } from '../cursor.ts';
import { changed, withSpec } from './changed.ts';
import type { CheckRow } from './check-row.ts';

export const schemaRows: readonly CheckRow[] = [
  { code: 'wrong-type', raises: changed('8080', '«"8080"»'), quiet: router, fixed: router },
  {
    code: 'wrong-type',
    raises: changed('namespace: web', 'namespace: web\n  labels: {release: «7»}'),
    quiet: changed('namespace: web', 'namespace: web\n  labels: {release: "7"}'),
    fixed: changed('namespace: web', 'namespace: web\n  labels: {release: "7"}'),
  },
  {
    code: 'wrong-type',
    raises: withSpec('«mode»:'),
    quiet: withSpec('mode: Redirect'),
    fixed: withSpec('mode: Redirect'),
  },
  {
    code: 'wrong-type',
    raises: changed('redirectRules:\n      - port: 8080', '«redirectRules»:\n        port: 8080'),
    quiet: router,
    fixed: { none: 'An object cannot be put into a list by changing values one by one.' },
  },
  {
    code: 'missing-field',
    raises: changed('        protocol: TCP\n', '', changed('port', '«port»')),
    quiet: router,
    fixed: changed('        protocol: TCP\n', '').concat('        protocol: TCP\n'),
  },
  {
    code: 'missing-field',
    raises: changed('- ip: 192.168.12.99/24\n      gateway', '- «gateway»'),
    quiet: router,
    fixed: { none: 'Only a person knows the reserved address.' },
  },
  {
    code: 'wrong-type',
    raises: withSpec('networkInterface: {macvlan: {mode: «null»}}'),
    quiet: withSpec('networkInterface: {}'),
    fixed: withSpec('networkInterface: {macvlan: {mode: Bridge}}'),
  },
  {
    code: 'not-in-enum',
    raises: changed('kind: EgressRouter', 'kind: «Egressrouter»'),
    quiet: changed('kind: EgressRouter', 'kind: OperatorPKI'),
    fixed: router,
  },
  {
    code: 'not-in-enum',
    raises: changed('network.operator.openshift.io/v1', '«networks.operator.openshift.io/v1»'),
    quiet: changed('network.operator.openshift.io/v1', 'k8s.example.com/v1'),
    fixed: router,
  },
  {
    code: 'not-in-enum',
    raises: changed('network.operator.openshift.io/v1', '«network.operator.openshift.io»'),
    quiet: changed('network.operator.openshift.io/v1', 'routers.example.com/v1'),
    fixed: router,
  },
  {
    code: 'not-in-enum',
    raises: changed('network.operator.openshift.io/v1', '«k8s.ovn.org/v1»'),
    quiet: `${head.replace('network.operator.openshift.io/v1', 'network.operator')}`,
    fixed: router,
  },
  {
    code: 'unknown-field',
    raises: changed('  namespace: web', '  namespace: web\n  «lables»: {team: web}'),
    quiet: changed('  namespace: web', '  namespace: web\n  finalizers: []'),
    fixed: changed('  namespace: web', '  namespace: web\n  labels: {team: web}'),
  },
  {
    code: 'wrong-format',
    raises: changed('  namespace: web', '  namespace: web\n  labels: {team: «web shop»}'),
    quiet: changed('  namespace: web', '  namespace: web\n  annotations: {team: web shop}'),
    fixed: { none: 'Only a person knows the label.' },
  },
  {
    code: 'missing-field',
    raises: changed('name: partner-api\n  ', '', changed('metadata', '«metadata»')),
    quiet: changed('name:', 'generateName:'),
    fixed: { none: 'Only a person knows the name.' },
  },
  {
    code: 'unknown-field',
    raises: changed('gateway', '«gatway»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'unknown-field',
    raises: withSpec('«replicas»: 2'),
    quiet: changed('namespace: web', 'namespace: web\n  annotations: {replicas: "2"}'),
    fixed: router,
  },
  {
    code: 'unknown-field',
    raises: changed('targetPort', '«ports»: 8080\n        targetPort'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'not-in-enum',
    raises: withSpec('mode: «redirect»'),
    quiet: withSpec('mode: Redirect'),
    fixed: withSpec('mode: Redirect'),
  },
  {
    code: 'not-in-enum',
    raises: withSpec('networkInterface: {macvlan: {mode: «passthrough»}}'),
    quiet: withSpec('networkInterface: {macvlan: {mode: Passthru}}'),
    fixed: withSpec('networkInterface: {macvlan: {mode: Passthru}}'),
  },
  {
    code: 'not-in-enum',
    raises: changed('network.operator.openshift.io/v1', '«network.operator.openshift.io/v1alpha1»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'not-in-enum',
    raises: changed('TCP', '«ICMP»'),
    quiet: router,
    fixed: { none: 'No protocol of a rule is near it.' },
  },
  {
    code: 'out-of-range',
    raises: changed('8080', '«80800»'),
    quiet: changed('8080', '65535'),
    fixed: { none: 'Only a person knows which port was meant.' },
  },
  {
    code: 'wrong-length',
    raises: changed('partner-api', '«""»'),
    quiet: router,
    fixed: { none: 'Only a person knows the name.' },
  },
  {
    code: 'wrong-format',
    raises: changed('gateway: 192.168.12.1', 'gateway: «192.168.12.1/24»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'wrong-format',
    raises: changed('203.0.113.25', '«203.0.113.025»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'wrong-format',
    raises: changed('203.0.113.25', '«"203.0.113.25:443"»'),
    quiet: router,
    fixed: changed('203.0.113.25', '"203.0.113.25"'),
  },
  {
    code: 'wrong-format',
    raises: changed('203.0.113.25', '«203.0.113»'),
    quiet: router,
    fixed: { none: 'A part of the address is missing.' },
  },
  {
    code: 'invalid-name',
    raises: changed('partner-api', '«Partner_API»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'invalid-name',
    raises: changed('web', '«web.demo»'),
    quiet: changed('web', 'web-demo'),
    fixed: changed('web', 'web-demo'),
  },
  {
    code: 'invalid-interface-name',
    raises: withSpec('networkInterface: {macvlan: {mode: Bridge, master: «enp1s0/1»}}'),
    quiet: withSpec('networkInterface: {macvlan: {mode: Bridge, master: enp1s0.1}}'),
    fixed: { none: 'Only a person knows the NICs of the nodes.' },
  },
  {
    code: 'proxy-mode',
    raises: withSpec('mode: «HTTPProxy»'),
    quiet: withSpec('mode: Redirect'),
    fixed: { none: 'A proxy cannot be turned into a redirect.' },
  },
  {
    code: 'proxy-mode',
    raises: withSpec('mode: «dns-proxy»'),
    quiet: withSpec('mode: Redirect'),
    fixed: { none: 'A proxy cannot be turned into a redirect.' },
  },
  { code: 'outdated-field', raises: changed('gateway', '«gatewayIP»'), quiet: router, fixed: router },
  { code: 'outdated-field', raises: changed('- ip', '- «address»'), quiet: router, fixed: router },
  {
    code: 'outdated-field',
    raises: changed('destinationIP', '«destIP»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'outdated-field',
    raises: changed('destinationIP', '«destination»'),
    quiet: router,
    fixed: router,
  },
  { code: 'outdated-field', raises: changed('targetPort', '«dport»'), quiet: router, fixed: router },
  {
    code: 'outdated-field',
    raises: `${head}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  «redirectRules»:
    - port: 8080
      protocol: TCP
      destinationIP: 203.0.113.25
`,
    quiet: router,
    fixed: `${head}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
`,
  },
  {
    code: 'outdated-field',
    raises: `${head}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  mode: Redirect
  «allowedDestinations»:
    - srcPort: 8080
      protocol: TCP
      destinationCIDR: 203.0.113.25/32
      dstPort: 80
`,
    quiet: router,
    fixed: `${head}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  mode: Redirect
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
`,
  },
  {
    code: 'outdated-field',
    raises: changed('      gateway: 192.168.12.1\n', '  «gatewayIP»: 192.168.12.1\n'),
    quiet: router,
    fixed: router,
  },
];
