import { router } from '../cursor.ts';
import { changed } from './changed.ts';
import type { CheckRow } from './check-row.ts';

const service = `apiVersion: v1
kind: Service
metadata:
  name: partner-api
  namespace: web
spec:
  selector:
    app: egress-router-cni
  ports:
    - name: tcp-8080
      protocol: TCP
      port: 8080
      targetPort: 8080
`;

const ports = service.slice(service.indexOf('  ports:'));
const second = '    - name: second\n      port: 8081\n      targetPort: 8080\n';

/** Below `spec` stands something else than the ports of the sample, or beside them. */
function row(
  code: CheckRow['code'],
  wrong: string,
  quiet: string,
  fixed: string | { none: string },
): CheckRow {
  const mended = typeof fixed === 'string' ? changed(ports, fixed, service) : fixed;
  return {
    code,
    raises: { 'file:///router.yaml': router, 'file:///service.yaml': changed(ports, wrong, service) },
    quiet: { 'file:///router.yaml': router, 'file:///service.yaml': changed(ports, quiet, service) },
    fixed: mended,
  };
}

const two = (first: string, other: string): string =>
  ports.replace('name: tcp-8080', first) + second.replace('name: second', other);
const withSecond = (port: string): string => ports + second.replace('port: 8081', port);
const typed = (type: string, rest = ''): string => `  type: ${type}\n${rest}${ports}`;
const nodePort = (of: string, type = '  type: NodePort\n'): string => `${type}${ports}      ${of}\n`;

export const serviceRows: readonly CheckRow[] = [
  row(
    'service-port-repeated',
    two('name: web', 'name: «web»'),
    two('name: web', 'name: web-2'),
    two('name: web', 'name: tcp-8081'),
  ),
  row(
    'service-port-repeated',
    withSecond('port: «8080»'),
    withSecond('port: 8080\n      protocol: UDP'),
    ports,
  ),
  row(
    'service-port-repeated',
    nodePort(`nodePort: 30080\n${second}      nodePort: «30080»`),
    nodePort(`nodePort: 30080\n${second}      nodePort: 30081`),
    nodePort(`nodePort: 30080\n${second.trimEnd()}`),
  ),
  row(
    'service-fields-conflict',
    nodePort('nodePort: «30080»', ''),
    nodePort('nodePort: 30080'),
    `${nodePort('nodePort: 30080', '')}  type: NodePort\n`,
  ),
  row(
    'service-fields-conflict',
    typed('NodePort', '  clusterIP: «None»\n'),
    typed('ClusterIP', '  clusterIP: None\n'),
    typed('NodePort'),
  ),
  row(
    'service-fields-conflict',
    typed('ExternalName', '  externalName: a.example.com\n').replace('ExternalName', '«ExternalName»'),
    typed('LoadBalancer'),
    typed('ClusterIP'),
  ),
  row(
    'service-fields-conflict',
    typed('ClusterIP', '  «externalTrafficPolicy»: Local\n'),
    typed('NodePort', '  externalTrafficPolicy: Local\n'),
    typed('ClusterIP'),
  ),
  row(
    'service-fields-conflict',
    typed('ClusterIP', '  «ipFamilies»: [IPv4, IPv6]\n'),
    typed('ClusterIP', '  ipFamilies: [IPv4]\n'),
    `${typed('ClusterIP', '  ipFamilies: [IPv4, IPv6]\n')}  ipFamilyPolicy: PreferDualStack\n`,
  ),
  row('not-in-enum', typed('«clusterip»'), typed('""'), typed('ClusterIP')),
  row(
    'wrong-format',
    `  clusterIP: «none»\n${ports}`,
    `  clusterIP: None\n${ports}`,
    `  clusterIP: None\n${ports}`,
  ),
  row('unknown-field', `  «clusterIp»: None\n${ports}`, ports, `  clusterIP: None\n${ports}`),
  row(
    'invalid-name',
    ports.replace('tcp-8080', '«HTTP_8080»'),
    ports.replace('tcp-8080', '"8080"'),
    ports.replace('tcp-8080', 'http-8080'),
  ),
  {
    ...row('missing-field', '', '  clusterIP: None\n', { none: '' }),
    raises: {
      'file:///router.yaml': router,
      'file:///service.yaml': changed(ports, '', service).replace('spec', '«spec»'),
    },
    fixed: service,
  },
];
