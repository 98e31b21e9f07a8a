import fc from 'fast-check';
import { expect, test } from 'vitest';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { legacyImageOf } from '#core/legacy/image.ts';
import { pathText } from '#core/path-text.ts';
import { annotationKey, deploymentOf, legacyPod, routerContainer, waitContainer } from './legacy-objects.ts';

/** The routers of a document, each as `kind root > pod`. */
function check(document: unknown, ...expected: string[]): void {
  const found = legacyRoutersIn(document);
  expect(found.map(({ kind, root, podPath }) => `${kind} ${pathText(root)} > ${pathText(podPath)}`)).toEqual(
    expected,
  );
}

const template = { template: { ...legacyPod() } };

test('a router is found in each kind that has pods', () => {
  check(legacyPod(), 'Pod  > ');
  check(deploymentOf(legacyPod()), 'Deployment  > spec.template');
  check({ kind: 'DeploymentConfig', spec: template }, 'DeploymentConfig  > spec.template');
  check({ kind: 'ReplicationController', spec: template }, 'ReplicationController  > spec.template');
  check({ kind: 'ReplicaSet', spec: template }, 'ReplicaSet  > spec.template');
  check({ kind: 'StatefulSet', spec: template }, 'StatefulSet  > spec.template');
  check({ kind: 'DaemonSet', spec: template }, 'DaemonSet  > spec.template');
  check({ kind: 'Job', spec: template }, 'Job  > spec.template');
  check(
    { kind: 'CronJob', spec: { jobTemplate: { spec: template } } },
    'CronJob  > spec.jobTemplate.spec.template',
  );
});

test('a router is found in Lists and Templates', () => {
  check({ kind: 'List', items: [{ kind: 'Service' }, legacyPod()] }, 'Pod items[1] > ');
  check({ kind: 'PodList', items: [legacyPod(), legacyPod()] }, 'Pod items[0] > ', 'Pod items[1] > ');
  const inTemplate = { kind: 'Template', objects: [deploymentOf(legacyPod())] };
  check(inTemplate, 'Deployment objects[0] > spec.template');
  expect(legacyRoutersIn(inTemplate)[0]?.template).toEqual([]);
  check({ kind: 'List', items: [inTemplate] }, 'Deployment items[0].objects[0] > spec.template');
});

test('a router is told by its annotation or its image', () => {
  check(
    legacyPod({ initContainers: [{ ...routerContainer(), image: 'mirror.example.com/r:1' }] }),
    'Pod  > ',
  );
  check(legacyPod({}, { annotations: {} }), 'Pod  > ');
  check(legacyPod({}, { annotations: { [annotationKey]: true } }), 'Pod  > ');
  check(deploymentOf(legacyPod({ initContainers: [] }, { annotations: {} }), {}));
  check(
    {
      ...deploymentOf(legacyPod({ initContainers: [] }, { annotations: {} })),
      metadata: { annotations: { [annotationKey]: 'true' } },
    },
    'Deployment  > spec.template',
  );
});

test('a router of another vendor, which has the same variables, is none', () => {
  const container = routerContainer({}, { image: 'quay.io/acme/egress-router:1.0' });
  check(legacyPod({ initContainers: [container] }, { annotations: {} }));
  check(legacyPod({ initContainers: [container] }, { annotations: { [annotationKey]: 'false' } }));
  check(legacyPod({ initContainers: [waitContainer] }, { annotations: {} }));
});

test('images', () => {
  const is = (image: string, kind: string | undefined): void =>
    expect([image, legacyImageOf(image)]).toEqual([image, kind]);
  is('registry.redhat.io/openshift3/ose-egress-router', 'router');
  is('registry.redhat.io/openshift4/ose-egress-router:v4.12', 'router');
  is('registry.example.com:5000/mirror/ose-egress-router-rhel9@sha256:00', 'router');
  is('openshift/origin-egress-router:latest@sha256:00', 'router');
  is('quay.io/openshift/egress-router:4.1', 'router');
  is('openshift3/ose-egress-http-proxy', 'http-proxy');
  is('openshift/origin-egress-dns-proxy', 'dns-proxy');
  is('quay.io/openshift/origin-egress-router-cni:4.12', undefined);
  is('quay.io/acme/egress-router', undefined);
  is('egress-router', undefined);
  is('openshift/origin-pod', undefined);
});

test('no value of any shape throws', () => {
  const kinds = fc.constantFrom('Pod', 'Deployment', 'CronJob', 'List', 'Template');
  const document = fc.oneof(
    fc.jsonValue(),
    fc.record({ kind: kinds, metadata: fc.jsonValue(), spec: fc.jsonValue(), items: fc.jsonValue() }),
  );
  fc.assert(fc.property(document, (value) => void legacyRoutersIn(value)));
  const loop: { kind: string; items: unknown[] } = { kind: 'List', items: [] };
  loop.items.push(loop);
  check(loop);
});
