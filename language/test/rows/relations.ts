import { router } from '../cursor.ts';
import { changed } from './changed.ts';
import type { CheckRow } from './check-row.ts';

/** The sample router, and another one in another namespace with another address. */
const other = changed('partner-api', 'billing')
  .replace('namespace: web', 'namespace: shop')
  .replace('192.168.12.99', '192.168.12.98');
const beside = other.replace('namespace: shop', 'namespace: web');

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

const nad = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
  namespace: web
spec:
  config: |
    {
      "cniVersion": "0.4.0",
      "type": "egress-router",
      "ip": {
        "addresses": ["192.168.12.99/24"],
        "gateway": "192.168.12.1",
        "destinations": ["8080 TCP 203.0.113.25 80"]
      }
    }
`;

const legacy = `apiVersion: v1
kind: Pod
metadata:
  name: egress-partner
  namespace: web
  labels:
    name: egress-partner
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      securityContext:
        privileged: true
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99/24
        - name: EGRESS_GATEWAY
          value: 192.168.12.1
        - name: EGRESS_DESTINATION
          valueFrom:
            configMapKeyRef:
              name: egress-routes
              key: destination
        - name: EGRESS_ROUTER_MODE
          value: init
  containers:
    - name: wait
      image: registry.redhat.io/openshift4/ose-pod
`;

const legacyService = changed('partner-api', 'egress-partner', service).replace(
  'app: egress-router-cni',
  'name: egress-partner',
);

const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: egress-routes
  namespace: web
data:
  destination: 8080 tcp 203.0.113.25 80
`;

const cluster = {
  context: 'lab',
  networks: [
    { name: 'pod', cidr: '10.128.0.0/14' },
    { name: 'service', cidr: '172.30.0.0/16' },
  ],
  nics: [],
  routers: [
    {
      namespace: 'web',
      name: 'partner-api',
      addresses: ['192.168.12.99'],
      rules: [{ port: 8080, protocol: 'TCP', destination: '203.0.113.25', targetPort: 80 }],
      state: 'Available',
    },
  ],
  usedAddresses: [],
};

const noProtocol = changed('      protocol: TCP\n', '', service);
const files = (...texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(texts.map((text, index) => [`${'abc'.charAt(index)}.yaml`, text]));
const onlyAPerson = (what: string) => ({ none: `Only a person knows ${what}.` });
const elsewhere = { none: 'It is to be mended in another document.' };

/** A Service of the sample router with one part put in other ways: at fault, and mended. */
function serviceRow(code: CheckRow['code'], part: string, wrong: string, mended: string): CheckRow {
  return {
    code,
    raises: files(router, changed(part, wrong, service)),
    quiet: files(router, changed(part, mended, service)),
    fixed: changed(part, mended, service),
  };
}
const byRouter = changed('app: egress-router-cni', 'egress-router-tools/router: partner-api', service);
const headless = service.replace('spec:\n', 'spec:\n  clusterIP: None\n');
const untold = (text: string): string => text.replace('  namespace: web\n', '');
const inOneFile = (other: string): string => `${router}---\n${untold(other)}`;

export const relationRows: readonly CheckRow[] = [
  {
    code: 'address-in-use',
    raises: changed('192.168.12.99/24', '«192.168.12.99/24»'),
    quiet: changed('192.168.12.99/24', '192.168.12.98/24'),
    fixed: onlyAPerson('which address is free'),
    cluster: { ...cluster, routers: [], usedAddresses: [{ ip: '192.168.12.99', by: 'a printer' }] },
  },
  {
    code: 'address-in-cluster-network',
    raises: changed('192.168.12.99/24', '«10.128.4.9/24»').replace('192.168.12.1', '10.128.4.1'),
    quiet: changed('192.168.12.99/24', '10.127.4.9/24').replace('192.168.12.1', '10.127.4.1'),
    fixed: onlyAPerson('which address is free'),
    cluster,
  },
  {
    code: 'destination-in-cluster',
    raises: changed('203.0.113.25', '«172.30.0.10»'),
    quiet: changed('203.0.113.25', '172.31.0.10'),
    fixed: onlyAPerson('which server is meant'),
    cluster: { ...cluster, routers: [] },
  },
  {
    code: 'second-router',
    raises: files(router, beside.replace('billing', '«billing»')),
    quiet: files(router, other),
    fixed: onlyAPerson('where the router is to be'),
    reconciler: 'cno',
  },
  {
    code: 'second-router',
    raises: files(router, beside.replace('billing', '«billing»')),
    quiet: files(`# egressRouter.reconciler: agent\n${router}`, beside),
    fixed: onlyAPerson('where the router is to be'),
  },
  {
    code: 'same-name',
    raises: `${router}---\n${router.replace('partner-api', '«partner-api»')}`,
    quiet: `${router}---\n${other.replace('billing', 'partner-api')}`,
    fixed: onlyAPerson('what the router is to be called'),
  },
  {
    code: 'rule-edit-needs-new-pod',
    raises: changed('redirectRules', '«redirectRules»').replace('8080', '8081'),
    quiet: router,
    fixed: { none: 'The pod is to be deleted, in the cluster.' },
    reconciler: 'cno',
    cluster,
  },
  {
    code: 'rule-edit-needs-new-pod',
    raises: changed('redirectRules', '«redirectRules»')
      .replace('8080', '8081')
      .replace('  namespace: web\n', ''),
    quiet: router.replace('  namespace: web\n', ''),
    fixed: { none: 'The pod is to be deleted, in the cluster.' },
    reconciler: 'cno',
    cluster,
  },
  {
    code: 'service-port-without-rule',
    raises: inOneFile(changed('port: 8080\n      targetPort: 8080', 'port: «8081»', service)),
    // In another file it may be meant for any namespace.
    quiet: files(router, changed('port: 8080\n      targetPort: 8080', 'port: 8081', untold(service))),
    fixed: inOneFile(changed('port: 8080\n      targetPort: 8080', 'port: 8080', service)),
  },
  serviceRow(
    'service-selects-nothing',
    'app: egress-router-cni',
    'app: «egress-router»',
    'app: egress-router-cni',
  ),
  {
    code: 'service-shared-selector',
    raises: files(router, changed('app: egress-router-cni', 'app: «egress-router-cni»', service), beside),
    quiet: files(router, byRouter, beside),
    fixed: byRouter,
    reconciler: 'agent',
  },
  serviceRow('service-port-without-rule', 'port: 8080\n      targetPort: 8080', 'port: «8081»', 'port: 8080'),
  serviceRow('service-protocol', 'protocol: TCP', 'protocol: «UDP»', 'protocol: TCP'),
  {
    code: 'service-protocol',
    raises: files(changed('TCP', 'UDP'), noProtocol.replace(' port: 8080', ' port: «8080»')),
    quiet: files(router, noProtocol),
    fixed: `${noProtocol}      protocol: UDP\n`,
  },
  {
    code: 'service-port-without-rule',
    raises: files(router, changed('protocol: TCP', 'protocol: UDP', service).replace(/8080\n$/, '«8081»\n')),
    quiet: files(router, service),
    fixed: { none: 'No rule has the protocol, and a Service needs a port.' },
  },
  serviceRow('service-target-port', 'targetPort: 8080', 'targetPort: «80»', 'targetPort: 8080'),
  {
    code: 'service-target-port',
    raises: files(router, headless.replace(' port: 8080\n', ' port: «80»\n')),
    quiet: files(router, headless),
    fixed: headless,
  },
  serviceRow('service-target-port', 'targetPort: 8080', 'targetPort: «"8080"»', 'targetPort: 8080'),
  serviceRow('invalid-name', 'name: partner-api', 'name: «Partner-Api»', 'name: partner-api'),
  serviceRow(
    'unknown-field',
    '  namespace: web',
    '  «lables»: {}\n  namespace: web',
    '  labels: {}\n  namespace: web',
  ),
  serviceRow('not-in-enum', 'protocol: TCP', 'protocol: «tcp»', 'protocol: TCP'),
  serviceRow('wrong-type', 'port: 8080\n', 'port: «"8080"»\n', 'port: 8080\n'),
  {
    code: 'unknown-field',
    raises: files(router, changed('targetPort', '«targetprt»', service)),
    quiet: files(router, changed('targetPort: 8080', 'targetPort: null', service)),
    fixed: service,
  },
  {
    code: 'missing-field',
    raises: files(router, `${service}    - «port»: 8053\n      protocol: UDP\n`),
    quiet: files(
      router,
      changed('    - name: tcp-8080\n      protocol: TCP\n', '    - protocol: TCP\n', service),
    ),
    fixed: `${service}    - port: 8053\n      protocol: UDP\n      name: port-8053\n`,
  },
  {
    code: 'rule-without-service-port',
    raises: files(
      `${router}      - port: «8053»\n        protocol: UDP\n        destinationIP: 203.0.113.26\n`,
      service,
    ),
    quiet: files(router, service),
    fixed: elsewhere,
  },
  {
    code: 'nad-disagrees',
    raises: files(router, changed('"8080 TCP 203.0.113.25 80"', '«"8080 TCP 203.0.113.26 80"»', nad)),
    quiet: files(router, nad),
    fixed: nad,
  },
  {
    code: 'nad-disagrees',
    raises: files(changed('203.0.113.25', '203.0.113.26'), nad.replace(/("8080.*80")/, '«$1»')),
    // What cannot be read may be the same.
    quiet: files(changed('203.0.113.25', 'api.example.com'), nad),
    fixed: nad.replace('203.0.113.25', '203.0.113.26'),
  },
  {
    code: 'nad-beside-router',
    raises: `${router}---\n${changed('egress-router-cni-nad', '«egress-router-cni-nad»', nad)}`,
    quiet: files(router, nad),
    fixed: { none: 'A whole document is to be removed.' },
  },
  {
    code: 'nad-beside-router',
    raises: `${router}---\n${changed('egress-router-cni-nad', '«egress-router-cni-nad»', nad)}`,
    // As "oc get" prints one that a controller made.
    quiet: `${router}---\n${changed('  namespace: web\n', '  namespace: web\n  ownerReferences: [{kind: EgressRouter}]\n', nad)}`,
    fixed: { none: 'A whole document is to be removed.' },
  },
  {
    code: 'legacy-service-selector',
    raises: files(
      legacy,
      configMap,
      changed('name: egress-partner\n  p', 'name: «partner»\n  p', legacyService),
    ),
    quiet: files(legacy, configMap, legacyService),
    fixed: legacyService,
  },
  {
    code: 'config-map-key',
    raises: files(changed('key: destination', 'key: «destinations»', legacy), configMap),
    quiet: files(legacy, configMap),
    fixed: legacy,
  },
  {
    code: 'legacy-destination-invalid',
    raises: files(legacy, changed('8080 tcp', '8080 «TCP»', configMap)),
    quiet: files(changed('key: destination', 'key: other', legacy), changed('tcp', 'TCP', configMap)),
    fixed: configMap,
  },
  {
    code: 'legacy-destination-duplicate',
    raises: files(
      legacy,
      changed(
        ': 8080 tcp 203.0.113.25 80',
        ': |\n    8080 tcp 203.0.113.25\n    «8080» udp 203.0.113.25',
        configMap,
      ),
    ),
    quiet: files(legacy, configMap),
    fixed: onlyAPerson('which line is meant'),
  },
  {
    code: 'legacy-destination-missing',
    raises: files(legacy, changed('8080 tcp 203.0.113.25 80', '«""»', configMap)),
    quiet: files(
      changed('namespace: web', 'namespace: shop', legacy),
      changed('8080 tcp 203.0.113.25 80', '""', configMap),
    ),
    fixed: onlyAPerson('the rules'),
  },
  {
    code: 'config-map-missing',
    raises: files(
      changed('name: egress-routes', 'name: «egress-routes»', legacy),
      configMap.replace('namespace: web', 'namespace: shop'),
    ),
    quiet: files(legacy, configMap.replace('  namespace: web\n', '')),
    fixed: elsewhere,
  },
];
