import { router } from '../cursor.ts';
import { changed, withSpec } from './changed.ts';
import type { CheckRow } from './check-row.ts';

const labeled = (line: string): string =>
  changed('  namespace: web\n', `  namespace: web\n  labels:\n    ${line}\n`);
const annotated = (line: string): string =>
  changed('  namespace: web\n', `  namespace: web\n  annotations:\n    ${line}\n`);
const secondRouter = router.replace('partner-api', 'partner-db').replace('.99/24', '.98/24');

function inJson(comment: string, note: string): string {
  const spec =
    '"addresses": [{"ip": "192.168.12.99/24", "gateway": "192.168.12.1"}], "redirect": {"fallbackIP": "203.0.113.25"}';
  return `{
  "apiVersion": "network.operator.openshift.io/v1", ${comment}
  "kind": "EgressRouter",
  "metadata": {"name": "a", "annotations": {"note": "${note}"}},
  "spec": {${spec}}
}
`;
}

export const yamlRows: readonly CheckRow[] = [
  {
    code: 'yaml-syntax',
    raises: changed('protocol: TCP', 'protocol: «"TCP»'),
    quiet: changed('protocol: TCP', 'protocol: "TCP"'),
    fixed: { none: 'The quotes may be meant to end anywhere.' },
  },
  {
    code: 'yaml-syntax',
    raises: changed('        protocol', '\t«protocol»'),
    quiet: changed('        protocol: TCP', '        protocol:\tTCP'),
    fixed: router,
  },
  {
    code: 'yaml-syntax',
    raises: changed('  redirect:\n', '  # a bell «\u0007»rings\n  redirect:\n'),
    quiet: changed('  redirect:\n', '  # a \u0085 new line\uFEFF\n  redirect:\n'),
    fixed: changed('  redirect:\n', '  # a bell rings\n  redirect:\n'),
  },
  {
    code: 'yaml-syntax',
    raises: changed('  addresses:\n', '  addresses:\n«  \t»\n'),
    quiet: changed('gateway: 192.168.12.1\n', 'gateway: 192.168.12.1\n        \t\n'),
    fixed: changed('  addresses:\n', '  addresses:\n\n'),
  },
  {
    code: 'yaml-syntax',
    raises: changed('gateway: 192.168.12.1\n', 'gateway: 192.168.12.1\n«\t»# the first\n'),
    quiet: labeled('note: "a\n      \t\n      b"'),
    fixed: changed('gateway: 192.168.12.1\n', 'gateway: 192.168.12.1\n# the first\n'),
  },
  {
    code: 'yaml-syntax',
    raises: inJson('«// of the bank»', 'https://example.com/*'),
    quiet: inJson('', 'https://example.com//*x'),
    fixed: inJson('', 'https://example.com/*'),
  },
  {
    code: 'yaml-syntax',
    raises: `{«/* a\n router */» ${inJson('', '').slice(1)}`,
    quiet: `{see: https://example.com, kind: EgressRouter, apiVersion: network.operator.openshift.io/v1}\n`,
    fixed: `{ ${inJson('', '').slice(1)}`,
  },
  {
    code: 'yaml-syntax',
    raises: `«%YAML 1.2»\n---\n${router}`,
    quiet: `%YAML 1.1\n---\n${router}`,
    fixed: `---\n${router}`,
  },
  {
    code: 'yaml-syntax',
    raises: changed('  redirect:\n', '«\u00A0\u00A0»redirect:\n'),
    quiet: changed('  redirect:\n', '  # no\u00A0break\n  redirect:\n'),
    fixed: router,
  },
  {
    code: 'yaml-syntax',
    raises: changed('port: 8080\n        protocol: TCP', 'port: 8080\n        protocol:«\u202F»TCP').replace(
      'gateway: ',
      'gateway:  ',
    ),
    quiet: labeled('note: "a\u202Fb"'),
    fixed: changed('gateway: ', 'gateway:  '),
  },
  {
    code: 'yaml-syntax',
    raises: changed('protocol: TCP', 'protocol: «*shared»'),
    quiet: changed('protocol: TCP', 'protocol: &shared TCP'),
    fixed: { none: 'What the anchor held is written elsewhere.' },
  },
  {
    code: 'duplicate-key',
    raises: changed('        protocol: TCP\n', '        protocol: UDP\n        «protocol»: TCP\n'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'duplicate-key',
    raises: changed('        protocol: TCP\n', '        protocol: TCP\n        «protocol»: TCP\n'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'duplicate-key',
    raises: changed('        protocol: TCP\n', '        protocol: TCP\n        «protocol»:\n'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'duplicate-key',
    raises: `${router}# the other one\n${secondRouter.replace('apiVersion', '«apiVersion»')}`,
    quiet: `${router}---\n${secondRouter}`,
    fixed: `${router}---\n# the other one\n${secondRouter}`,
  },
  {
    code: 'leading-zero',
    raises: changed('port: 8080', 'port: «010»'),
    quiet: changed('port: 8080', 'port: 07'),
    fixed: changed('port: 8080', 'port: 10'),
  },
  {
    code: 'yaml-1.1-value',
    raises: labeled('external: «yes»'),
    quiet: labeled('external: "yes"'),
    fixed: labeled('external: "yes"'),
  },
  {
    code: 'yaml-1.1-value',
    raises: withSpec('networkInterface: {macvlan: {master: «on»}}'),
    quiet: withSpec('networkInterface: {macvlan: {master: one}}'),
    fixed: withSpec('networkInterface: {macvlan: {master: "on"}}'),
  },
  {
    code: 'yaml-1.1-value',
    raises: labeled('«on»: "1"'),
    quiet: labeled('"on": "1"'),
    fixed: labeled('"on": "1"'),
  },
  {
    code: 'yaml-1.1-value',
    raises: changed('port: 8080', 'port: «8_080»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'yaml-1.1-value',
    raises: changed('targetPort: 80', 'targetPort: «0o120»'),
    quiet: changed('targetPort: 80', 'targetPort: 0x50'),
    fixed: router,
  },
  {
    code: 'yaml-1.1-value',
    raises: annotated('window: «1:30»'),
    quiet: annotated('window: 1:90'),
    fixed: annotated('window: "1:30"'),
  },
  {
    code: 'yaml-1.1-value',
    raises: annotated('since: «2026-01-31»'),
    quiet: annotated('since: 2026-01'),
    fixed: annotated('since: "2026-01-31"'),
  },
  {
    code: 'yaml-1.1-value',
    raises: annotated('key: !!binary «YWJj»'),
    quiet: annotated('key: !!str YWJj'),
    fixed: { none: 'What the tag made of it may be no text.' },
  },
  {
    code: 'anchor-in-identity',
    raises: changed('name: partner-api\n  namespace: web', 'name: &name partner-api\n  namespace: «*name»'),
    quiet: changed('destinationIP: 203.0.113.25', 'destinationIP: &server 203.0.113.25'),
    fixed: changed(
      'name: partner-api\n  namespace: web',
      'name: &name partner-api\n  namespace: partner-api',
    ),
  },
  {
    code: 'anchor-in-identity',
    raises: annotated('note: &ip 192.168.12.99/24').replace('ip: 192.168.12.99/24', 'ip: «*ip»'),
    quiet: annotated('note: &ip 192.168.12.1').replace('gateway: 192.168.12.1', 'gateway: *ip'),
    fixed: annotated('note: &ip 192.168.12.99/24'),
  },
  {
    code: 'anchor-in-identity',
    raises: changed('  name: partner-api\n', '  «<<»: {name: partner-api}\n'),
    quiet: changed('  name: partner-api\n', '  <<: {labels: {a: b}}\n  name: partner-api\n'),
    fixed: changed(
      '  name: partner-api\n  namespace: web\n',
      '  <<: {name: partner-api}\n  namespace: web\n  name: partner-api\n',
    ),
  },
];
