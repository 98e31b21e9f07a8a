import { changed as changedIn } from './changed.ts';
import type { CheckRow } from './check-row.ts';

/** A sound router of OpenShift SDN. Each row is about another part of it. */
const legacy = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  namespace: web
  labels:
    name: egress-1
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
          value: |
            # web
            8080 tcp 203.0.113.25 80
            8053 udp 203.0.113.26 53
            203.0.113.27
        - name: EGRESS_ROUTER_MODE
          value: init
  containers:
    - name: wait
      image: registry.redhat.io/openshift4/ose-pod
`;

/** The router with one part put in place of another. */
function changed(from: string, to: string): string {
  return changedIn(from, to, legacy);
}

const annotations = `  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
`;
const annotation = annotations.slice(annotations.indexOf('\n') + 1);
const context = `      securityContext:
        privileged: true
`;
const mode = `        - name: EGRESS_ROUTER_MODE
          value: init
`;
const waiting = legacy.slice(legacy.indexOf('  containers:'));
const rules = `            8080 tcp 203.0.113.25 80
            8053 udp 203.0.113.26 53
            203.0.113.27
`;
const onlyAPerson = (what: string) => ({ none: `Only a person knows ${what}.` });

/** The same as a Deployment, with annotations of its own and of its pods. */
function deployment(own: string, ofPods: string): string {
  const pod = legacy.slice(legacy.indexOf('spec:'));
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: egress-1
${own}spec:
  template:
    metadata:
      labels:
        name: egress-1
${ofPods}${pod.replaceAll(/^(?=.)/gm, '    ')}`;
}

/** The router without what only its image tells. */
const plainImage = changed('registry.redhat.io/openshift4/ose-egress-router', 'registry.example.com/tools:1');

export const legacyRows: readonly CheckRow[] = [
  {
    code: 'legacy-router',
    raises: changed('kind: Pod', 'kind: «Pod»'),
    quiet: plainImage.replace(annotation, '    example.com/team: a\n'),
    fixed: { none: 'It is migrated, which makes other objects of it.' },
  },
  {
    code: 'legacy-proxy-mode',
    raises: changed('value: init', 'value: «http-proxy»'),
    quiet: legacy,
    fixed: { none: 'A proxy cannot become an EgressRouter.' },
  },
  {
    code: 'legacy-proxy-mode',
    raises: changed('openshift4/ose-pod', 'openshift4/ose-egress-dns-proxy').replace(
      'image: registry.redhat.io/openshift4/ose-egress-dns-proxy',
      'image: «registry.redhat.io/openshift4/ose-egress-dns-proxy»',
    ),
    quiet: legacy,
    fixed: { none: 'A proxy cannot become an EgressRouter.' },
  },
  {
    code: 'legacy-annotation-missing',
    raises: changed(annotations, '').replace('metadata:', '«metadata»:'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-annotation-missing',
    raises: changed('"true"', '«"false"»'),
    quiet: changed('"true"', 'ens4'),
    fixed: legacy,
  },
  {
    code: 'legacy-annotation-missing',
    raises: deployment(annotations.replace('pod.network.openshift.io/assign-macvlan', '«$&»'), ''),
    quiet: deployment('', annotations.replaceAll(/^(?=.)/gm, '    ')),
    fixed: deployment('  annotations: {}\n', annotations.replaceAll(/^(?=.)/gm, '    ')),
  },
  {
    code: 'legacy-annotation-invalid',
    raises: changed('"true"', '«true»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-annotation-invalid',
    raises: changed('"true"', '«"Yes"»'),
    quiet: changed('"true"', 'eno1'),
    fixed: legacy,
  },
  {
    code: 'legacy-annotation-invalid',
    raises: changed('"true"', '«eth0 eth1»'),
    quiet: changed('"true"', 'eth1'),
    fixed: legacy,
  },
  {
    code: 'legacy-image-missing',
    raises: plainImage
      .replace('pod.network.openshift.io/assign-macvlan', '«$&»')
      .replace('EGRESS_SOURCE', 'SOURCE'),
    quiet: plainImage,
    fixed: onlyAPerson('which image the router has'),
  },
  {
    code: 'legacy-not-privileged',
    raises: changed('privileged: true', 'privileged: «false»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-not-privileged',
    raises: changed(context, '').replace('- name: egress-router', '- «name»: egress-router'),
    quiet: legacy,
    fixed: changed(context, '').replace(mode, mode + context),
  },
  {
    code: 'legacy-mode-missing',
    raises: changed(mode, '').replace('- name: egress-router', '- «name»: egress-router'),
    quiet: changed(mode, '').replace(waiting, '').replace('initContainers', 'containers'),
    fixed: legacy,
  },
  {
    code: 'legacy-mode-unknown',
    raises: changed('value: init', 'value: «Init»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-mode-misplaced',
    raises: changed('value: init', 'value: «legacy»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-source-missing',
    raises: changed('192.168.12.99/24', '').replace('value: \n', '«value»: \n'),
    quiet: legacy,
    fixed: onlyAPerson('the address'),
  },
  {
    code: 'legacy-source-invalid',
    raises: changed('192.168.12.99/24', '«"192.168.12.99/24 "»'),
    quiet: legacy,
    fixed: changed('192.168.12.99/24', '"192.168.12.99/24"'),
  },
  {
    code: 'legacy-source-invalid',
    raises: changed('192.168.12.99/24', '«192.168.12.999/24»'),
    quiet: changed('192.168.12.99/24', '192.168.12.199/24'),
    fixed: onlyAPerson('the address'),
  },
  {
    code: 'legacy-source-without-prefix',
    raises: changed('192.168.12.99/24', '«192.168.12.99»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-gateway-missing',
    raises: changed('192.168.12.1\n', '\n').replace('value: \n', '«value»: \n'),
    quiet: legacy,
    fixed: onlyAPerson('the gateway'),
  },
  {
    code: 'legacy-gateway-invalid',
    raises: changed('192.168.12.1\n', '«192.168.12.1/24»\n'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-gateway-invalid',
    raises: changed('192.168.12.1\n', '«192.168.12.99»\n'),
    quiet: changed('192.168.12.1\n', '192.168.12.98\n'),
    fixed: onlyAPerson('the gateway'),
  },
  {
    code: 'legacy-gateway-outside-subnet',
    raises: changed('192.168.12.1\n', '«192.168.13.1»\n'),
    quiet: changed('192.168.12.1\n', '192.168.12.254\n'),
    fixed: onlyAPerson('which of the two is wrong'),
  },
  {
    code: 'legacy-destination-missing',
    raises: changed(rules, '').replace('value: |', '«value»: |'),
    quiet: legacy,
    fixed: onlyAPerson('the servers'),
  },
  {
    code: 'legacy-destination-invalid',
    raises: changed('8080 tcp', '8080«\t»tcp'),
    quiet: changed('8080 tcp', '8080  tcp'),
    fixed: legacy,
  },
  {
    code: 'legacy-destination-invalid',
    raises: changed('tcp', '«TCP»'),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-destination-invalid',
    raises: changed('203.0.113.25 80', '203.0.113.25 80« # first»'),
    quiet: changed('# web', '# first'),
    fixed: changed('8080 tcp', '# first\n            8080 tcp'),
  },
  {
    code: 'legacy-destination-invalid',
    raises: changed('203.0.113.27', '«0.0.0.0/0»'),
    quiet: legacy,
    fixed: onlyAPerson('where all other connections go'),
  },
  {
    code: 'legacy-destination-invalid',
    raises: changed('203.0.113.25', '«api.example.com»'),
    quiet: legacy,
    fixed: onlyAPerson('the address of the server'),
  },
  {
    code: 'legacy-destination-duplicate',
    raises: changed('8053', '«8080»'),
    quiet: changed('8053', '8081'),
    fixed: onlyAPerson('which port was meant'),
  },
  {
    code: 'legacy-fallback-misplaced',
    raises: changed(rules, `            «203.0.113.27»\n${rules.replace('            203.0.113.27\n', '')}`),
    quiet: legacy,
    fixed: legacy,
  },
  {
    code: 'legacy-fallback-misplaced',
    raises: changed('203.0.113.27\n', '203.0.113.27\n            «203.0.113.28»\n'),
    quiet: legacy,
    fixed: onlyAPerson('which of the two was meant'),
  },
];
