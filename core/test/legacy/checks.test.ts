import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDestination } from '#core/legacy/checks/check-destination.ts';
import { checkLegacyRouter } from '#core/legacy/checks/checks.ts';
import { readDestination } from '#core/legacy/destination.ts';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { legacyFactsOf } from '#core/legacy/facts.ts';
import { readLegacyRouter } from '#core/legacy/parse.ts';
import type { LegacyProblem } from '#core/legacy/problems.ts';
import { pathText } from '#core/path-text.ts';
import {
  annotationKey,
  deploymentOf,
  legacyPod,
  podWith,
  routerContainer,
  soundEnv,
  waitContainer,
} from './legacy-objects.ts';

function problemsOf(document: unknown): readonly LegacyProblem[] {
  return legacyRoutersIn(document).flatMap((place) => checkLegacyRouter(readLegacyRouter(document, place)));
}

/** The problems of a router besides that it is one, each as `severity code path`. */
function check(document: unknown, ...expected: string[]): void {
  const [remark, ...problems] = problemsOf(document);
  expect(remark).toMatchObject({ code: 'legacy-router', severity: 'information', path: ['kind'] });
  expect(problems.map(({ severity, code, path }) => `${severity} ${code} ${pathText(path)}`)).toEqual(
    expected,
  );
}

const router = 'spec.initContainers[0]';
const noMetadata = { metadata: { name: 'egress-1' } };

test('a sound router is one for a platform that is gone', () => {
  check(legacyPod());
  check(deploymentOf(legacyPod()));
  const legacyMode = routerContainer({ EGRESS_ROUTER_MODE: undefined });
  check(legacyPod({ initContainers: [], containers: [legacyMode] }));
});

test('the annotation asks for the interface', () => {
  const annotated = (value: unknown): unknown => legacyPod({}, { annotations: { [annotationKey]: value } });
  const path = `metadata.annotations.${annotationKey}`;
  check(annotated('eth1'));
  check(annotated('${NIC}'));
  check(annotated(true), `error legacy-annotation-invalid ${path}`);
  check(annotated(null), `error legacy-annotation-invalid ${path}`);
  check(annotated({ a: 1 }), `error legacy-annotation-invalid ${path}`);
  check(annotated('True'), `warning legacy-annotation-invalid ${path}`);
  check(annotated('eth1 eth2'), `error legacy-annotation-invalid ${path}`);
  check(annotated('false'), `error legacy-annotation-missing ${path}`);
  check(legacyPod({}, { annotations: undefined }), 'error legacy-annotation-missing metadata');
  check({ ...legacyPod(), metadata: undefined }, 'error legacy-annotation-missing ');
  const outside = { ...deploymentOf({ ...legacyPod(), ...noMetadata }), metadata: legacyPod()['metadata'] };
  check(outside, `error legacy-annotation-missing ${path}`);
});

test('a container sets the interface up, with the rights it needs', () => {
  check(
    legacyPod({ initContainers: [] }),
    `warning legacy-image-missing metadata.annotations.${annotationKey}`,
  );
  const withContext = (securityContext?: unknown): unknown =>
    legacyPod({ initContainers: [routerContainer({}, { securityContext })] });
  check(withContext(), `error legacy-not-privileged ${router}`);
  check(withContext({}), `error legacy-not-privileged ${router}.securityContext`);
  check(
    withContext({ privileged: false }),
    `error legacy-not-privileged ${router}.securityContext.privileged`,
  );
  check(withContext({ privileged: '${PRIVILEGED}' }));
  check(
    legacyPod({
      initContainers: [routerContainer({}, { securityContext: {} })],
      containers: [{ ...waitContainer, securityContext: { privileged: true } }],
    }),
  );
});

test('the mode fits the kind of container', () => {
  const mode = `${router}.env[3].value`;
  check(podWith({ EGRESS_ROUTER_MODE: undefined }), `error legacy-mode-missing ${router}`);
  check(podWith({ EGRESS_ROUTER_MODE: '' }), `error legacy-mode-missing ${mode}`);
  check(podWith({ EGRESS_ROUTER_MODE: 'legacy' }), `error legacy-mode-misplaced ${mode}`);
  check(podWith({ EGRESS_ROUTER_MODE: 'Init' }), `error legacy-mode-unknown ${mode}`);
  check(podWith({ EGRESS_ROUTER_MODE: 1 }), `error legacy-mode-unknown ${mode}`);
  check(podWith({ EGRESS_ROUTER_MODE: '${MODE}' }));
  check(
    legacyPod({ initContainers: [], containers: [routerContainer()] }),
    'warning legacy-mode-misplaced spec.containers[0].env[3].value',
  );
});

test('the proxies cannot become an EgressRouter', () => {
  const proxy = (kind: string, env: object): unknown =>
    legacyPod({
      initContainers: [
        routerContainer({ EGRESS_ROUTER_MODE: `${kind}-proxy`, EGRESS_DESTINATION: undefined }),
      ],
      containers: [{ name: 'proxy', image: `openshift/origin-egress-${kind}-proxy`, ...env }],
    });
  check(proxy('http', {}), `warning legacy-proxy-mode ${router}.env[2].value`);
  check(proxy('dns', {}), `warning legacy-proxy-mode ${router}.env[2].value`);
  check(
    legacyPod({
      initContainers: [routerContainer()],
      containers: [{ name: 'p', image: 'x', env: [{ name: 'EGRESS_HTTP_PROXY_DESTINATION', value: '*' }] }],
    }),
    'warning legacy-proxy-mode spec.containers[0].env[0].value',
  );
});

test('the source is an IPv4 address, better with its prefix length', () => {
  const source = `${router}.env[0].value`;
  const check1 = (value: unknown, ...expected: string[]): void =>
    check(podWith({ EGRESS_SOURCE: value }), ...expected);
  check1('${SOURCE}');
  check1('$(SOURCE)/24');
  check1({ valueFrom: { configMapKeyRef: { name: 'c', key: 'source' } } });
  check1({ valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } });
  check1('192.168.12.99', `information legacy-source-without-prefix ${source}`);
  check1('', `error legacy-source-missing ${source}`);
  check1('fd00::99/64', `error legacy-source-invalid ${source}`);
  check1('192.168.12.99/33', `error legacy-source-invalid ${source}`);
  check1('192.168.12.300', `error legacy-source-invalid ${source}`);
  check1(' 192.168.12.99/24', `error legacy-source-invalid ${source}`);
  check1(12, `error legacy-source-invalid ${source}`);
  check(podWith({ EGRESS_SOURCE: undefined }), `error legacy-source-missing ${router}`);
});

test('the gateway is another IPv4 address of the same network', () => {
  const gateway = `${router}.env[1].value`;
  const check1 = (value: unknown, ...expected: string[]): void =>
    check(podWith({ EGRESS_GATEWAY: value }), ...expected);
  check1('192.168.12.254');
  check1('${GATEWAY}');
  check1('192.168.13.1', `warning legacy-gateway-outside-subnet ${gateway}`);
  check1('192.168.12.99', `error legacy-gateway-invalid ${gateway}`);
  check1('192.168.12.1/24', `error legacy-gateway-invalid ${gateway}`);
  check1('gateway.example.com', `error legacy-gateway-invalid ${gateway}`);
  check1('', `error legacy-gateway-missing ${gateway}`);
  check(podWith({ EGRESS_GATEWAY: undefined }), `error legacy-gateway-missing ${router}`);
});

/** The faults of a destination text, each as `code "marked text"`. */
function checkText(text: string, ...expected: string[]): void {
  const problems = checkDestination(text, []);
  expect(
    problems.map(
      ({ code, within }) => `${code} ${within === undefined ? '' : text.slice(within.start, within.end)}`,
    ),
  ).toEqual(expected);
}

test('each line of the destination is a rule, a comment or the fallback', () => {
  checkText('80 tcp 203.0.113.25');
  checkText('\n# web\n  80   tcp 203.0.113.25  8080 \t\n81 udp 203.0.113.25\n\n203.0.113.26\n# end\n\n');
  checkText('${RULES}\n80 tcp ${SERVER}\n');
  checkText('', 'legacy-destination-missing ');
  checkText('# none\n', 'legacy-destination-missing ');
  checkText('80\ttcp 203.0.113.25', 'legacy-destination-invalid \t');
  checkText('80 tcp 203.0.113.25\r\n', 'legacy-destination-invalid \r');
  checkText('80 tcp 203.0.113.25 # web', 'legacy-destination-invalid  # web');
  checkText('80 sctp 203.0.113.25', 'legacy-destination-invalid sctp');
  checkText('80 TCP 203.0.113.25', 'legacy-destination-invalid TCP');
  checkText('80 http 203.0.113.25', 'legacy-destination-invalid http');
  checkText('80 tcp server.example.com', 'legacy-destination-invalid server.example.com');
  checkText('0.0.0.0/0', 'legacy-destination-invalid 0.0.0.0/0');
  checkText('0.0.0.0', 'legacy-destination-invalid 0.0.0.0');
  checkText('80 tcp 203.0.113.25/32', 'legacy-destination-invalid 203.0.113.25/32');
  checkText('80 tcp 203.0.113.0/24', 'legacy-destination-invalid 203.0.113.0/24');
  checkText('80 tcp 2001:db8::25', 'legacy-destination-invalid 2001:db8::25');
  checkText('80 tcp 203.0.113.256', 'legacy-destination-invalid 203.0.113.256');
  checkText('080 tcp 203.0.113.25', 'legacy-destination-invalid 080');
  checkText('0 tcp 203.0.113.25 65536', 'legacy-destination-invalid 0', 'legacy-destination-invalid 65536');
  checkText('80 tcp', 'legacy-destination-invalid 80 tcp');
  checkText('80 tcp 203.0.113.25 80 80', 'legacy-destination-invalid 80 tcp 203.0.113.25 80 80');
});

test('a port stands once, and the fallback last', () => {
  checkText(
    '80 tcp 203.0.113.25\n81 tcp 203.0.113.25\n80 udp 203.0.113.25',
    'legacy-destination-duplicate 80',
  );
  checkText('203.0.113.26\n80 tcp 203.0.113.25', 'legacy-fallback-misplaced 203.0.113.26');
  checkText('203.0.113.26\n203.0.113.27', 'legacy-fallback-misplaced 203.0.113.27');
  checkText('203.0.113.26\n# end');
});

test('a destination that is not there or no text', () => {
  check(podWith({ EGRESS_DESTINATION: undefined }), `error legacy-destination-missing ${router}`);
  check(podWith({ EGRESS_DESTINATION: 80 }), `error legacy-destination-invalid ${router}.env[2].value`);
  check(podWith({ EGRESS_DESTINATION: null }), `error legacy-destination-missing ${router}.env[2].value`);
});

/** The text after the first fix of its first fault. */
function checkMended(text: string, expected: string): void {
  const [problem] = checkDestination(text, ['x']);
  expect(problem?.fixes?.[0]?.edits).toEqual([{ kind: 'replace', path: ['x'], value: expected }]);
}

test('what is plain in a line can be mended', () => {
  checkMended('80\t\ttcp 203.0.113.25', '80 tcp 203.0.113.25');
  checkMended('80 tcp 203.0.113.25\r\n81 tcp 203.0.113.25', '80 tcp 203.0.113.25\n81 tcp 203.0.113.25');
  checkMended(
    '81 tcp 203.0.113.26\n  80 tcp 203.0.113.25 # web \n',
    '81 tcp 203.0.113.26\n  # web\n  80 tcp 203.0.113.25 \n',
  );
  checkMended('80 Tcp 203.0.113.25', '80 tcp 203.0.113.25');
  checkMended('203.0.113.25/32', '203.0.113.25');
  checkMended('203.0.113.26\n80 tcp 203.0.113.25\n# end\n', '80 tcp 203.0.113.25\n203.0.113.26\n# end\n');
});

test('many faults of a text are mended at once', () => {
  const text = '80\tTCP 203.0.113.25\n081 udp 203.0.113.26 # x\n82 tcp example.com\n';
  const [first] = checkDestination(text, ['x']);
  expect(first?.fixes?.map(({ title, isSafe }) => [title, isSafe])).toEqual([
    ['Use a space', undefined],
    ['Mend all 4 faults like this one', true],
  ]);
  const value = '80 tcp 203.0.113.25\n# x\n81 udp 203.0.113.26\n82 tcp example.com\n';
  expect(first?.fixes?.[1]?.edits).toEqual([{ kind: 'replace', path: ['x'], value }]);
});

test('other objects are told which labels and keys they have to have', () => {
  const reference = { name: 'routes', key: 'destination' };
  const pod = podWith({
    EGRESS_DESTINATION: { valueFrom: { configMapKeyRef: reference } },
    EGRESS_SOURCE: { valueFrom: { configMapKeyRef: { name: '${C}', key: 'x' } } },
  });
  const [place] = legacyRoutersIn(pod);
  expect(place && legacyFactsOf(readLegacyRouter(pod, place))).toEqual({
    kind: 'legacy',
    name: 'egress-1',
    namespace: 'web',
    labels: { name: 'egress-1' },
    addresses: ['192.168.12.1'],
    configMaps: [
      {
        ...reference,
        path: ['spec', 'initContainers', 0, 'env', 2, 'valueFrom', 'configMapKeyRef'],
        role: 'destination',
      },
    ],
  });
});

test('no value of any shape throws', () => {
  const settings = fc.record(
    Object.fromEntries(Object.keys(soundEnv).map((name) => [name, fc.jsonValue({ maxDepth: 2 })])),
    { requiredKeys: [] },
  );
  fc.assert(fc.property(settings, (env) => problemsOf(podWith(env)).length > 0));
  const spec = fc.dictionary(fc.constantFrom('initContainers', 'containers'), fc.jsonValue());
  const metadata = fc.dictionary(fc.constantFrom('labels', 'annotations', 'name'), fc.jsonValue());
  fc.assert(fc.property(spec, metadata, (pod, meta) => void problemsOf(legacyPod(pod, meta))));
  const loop: unknown[] = [];
  loop.push(loop);
  expect(
    problemsOf(podWith({ EGRESS_ROUTER_MODE: { value: loop }, EGRESS_SOURCE: { value: loop } })),
  ).not.toEqual([]);
});

test('every line of any text has its place in it', () => {
  const word = fc.constantFrom(
    '80',
    'tcp',
    'UDP',
    '203.0.113.25',
    '10.0.0.0/8',
    '#',
    '\t',
    ' ',
    ' ',
    '\n',
    '\r',
    '$',
    '{A}',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (written) => {
      const lineOf = (offset: number): number => written.slice(0, offset).split('\n').length;
      return readDestination(written).every(
        ({ span, faults, number }) =>
          lineOf(span.start) === number &&
          lineOf(span.end) === number &&
          faults.every(
            ({ span: { start, end } }) => start < end && lineOf(start) === number && lineOf(end) === number,
          ),
      );
    }),
  );
});
