import { expect, test } from 'vitest';
import type { Pod, Service } from '#sandbox/objects.ts';
import { selects, toEndpointSlices } from '#sandbox/workloads/endpoints.ts';

function service(spec: Partial<Service['spec']>): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'app', namespace: 'demo', uid: 's' },
    spec: { selector: { app: 'a' }, ports: [{ port: 80 }], ...spec },
  };
}

function pod(name: string, isReady: boolean, more: Partial<Pod['metadata']> = {}): Pod {
  const host = name.charCodeAt(0) - 95;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'demo', uid: name, labels: { app: 'a' }, ...more },
    spec: {
      nodeName: 'n',
      containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8000 + host }] }],
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: `10.128.0.${host}` }, { ip: `fd10:128::${host}` }],
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
    },
  };
}

function check(of: Service, pods: readonly Pod[], expected: readonly string[]): void {
  const shown = toEndpointSlices(of, pods).flatMap((slice) =>
    (slice.endpoints ?? []).map(({ addresses, conditions }) => {
      const ports = (slice.ports ?? []).map(({ port, protocol }) => `${port}/${protocol}`);
      const marks = [conditions?.ready, conditions?.serving, conditions?.terminating].map(Number);
      return `${slice.addressType} ${addresses.join(' ')} ${ports.join(',')} ${marks.join('')}`;
    }),
  );
  expect(shown).toEqual(expected);
}

test('each ready pod is an endpoint, an unready one is listed as such', () => {
  check(
    service({}),
    [pod('a', true), pod('b', false)],
    ['IPv4 10.128.0.2 80/TCP 110', 'IPv4 10.128.0.3 80/TCP 000'],
  );
});

test('a pod on its way out still serves but takes no new connections', () => {
  check(service({}), [pod('a', true, { deletionTimestamp: 'x' })], ['IPv4 10.128.0.2 80/TCP 011']);
});

test('a named target port is looked up in each pod', () => {
  const named = service({ ports: [{ port: 80, targetPort: 'web', protocol: 'TCP' }] });
  check(
    named,
    [pod('a', true), pod('b', true)],
    ['IPv4 10.128.0.2 8002/TCP 110', 'IPv4 10.128.0.3 8003/TCP 110'],
  );
  check(
    service({ ports: [{ port: 80, targetPort: 'nothing' }] }),
    [pod('a', true)],
    ['IPv4 10.128.0.2  110'],
  );
});

test('a dual-stack Service has a slice for each family', () => {
  check(
    service({ ipFamilies: ['IPv4', 'IPv6'] }),
    [pod('a', true)],
    ['IPv4 10.128.0.2 80/TCP 110', 'IPv6 fd10:128::2 80/TCP 110'],
  );
});

test('a Service without a selector selects nothing, and pods that are over are not selected', () => {
  const over: Pod = { ...pod('a', true), status: { phase: 'Succeeded' } };
  expect(selects(service({ selector: {} }), pod('a', true))).toBe(false);
  expect(selects(service({}), over)).toBe(false);
  expect(selects(service({}), pod('a', true))).toBe(true);
  expect(selects(service({}), pod('a', true, { labels: { app: 'b' } }))).toBe(false);
});
