import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serviceSpecSchema } from '#core/service/schema.ts';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { cursorIn, roughText, router } from './cursor.ts';

const json = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    destinations: ['8080 TCP 203.0.113.25 80', '203.0.113.26'],
    gateway: '192.168.12.1',
  },
};

/** A NAD whose configuration is written in a style of YAML. */
function nad(config: string): string {
  return `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata:\n  name: egress-router-cni-nad\nspec:\n  config: ${config}\n`;
}

const text = JSON.stringify(json, undefined, 2);
const block = `|\n    ${text.replaceAll('\n', '\n    ')}`;
const single = `'${JSON.stringify(json)}'`;
/** kubectl takes lines that begin left of where YAML 1.2 wants them, and many a manifest is written so. */
const outdented = `'${text.replaceAll('\n', '\n  ')}'`;
const atMargin = `'${text}'`;
const double = JSON.stringify(JSON.stringify(json));

/** `wanted`: of each diagnostic its code and the text that is marked. */
function check(title: string, source: string, wanted: readonly string[]): void {
  test(title, () => {
    const found = readYamlFile(source).slices.flatMap(({ start, content }) =>
      (content?.diagnostics ?? []).map(
        ({ code, span }) => `${code}: ${source.slice(start + span.start, start + span.end)}`,
      ),
    );
    expect(found).toEqual(wanted);
  });
}

for (const [style, config] of Object.entries({ block, single, double, outdented, atMargin })) {
  const quote = style === 'double' ? '\\"' : '"';
  check(`a sound configuration, ${style}`, nad(config), []);
  check(`a gateway elsewhere, ${style}`, nad(config.replace('12.1', '13.1')), [
    `netconf-gateway-outside-subnet: ${quote}192.168.13.1${quote}`,
  ]);
  check(`a destination, ${style}`, nad(config.replace('8080 TCP', '8080 tcpp')), [
    `netconf-destination-protocol-invalid: ${quote}8080 tcpp 203.0.113.25 80${quote}`,
  ]);
  check(`an unknown key, ${style}`, nad(config.replace('addresses', 'adresses')), [
    `netconf-no-addresses: ${quote}ip${quote}`,
    `netconf-unknown-key: ${quote}adresses${quote}`,
  ]);
  check(`a comma too much, ${style}`, nad(config.replace(/3\.26\\?"/, '$&,')), ['nad-config-not-json: ,']);
}
check('a text that is never closed', nad(atMargin.slice(0, -1)), [`yaml-syntax: '{`]);
check('one that something else closes', `${nad(outdented.slice(0, -1))}# don't\n`, [`yaml-syntax: '{`]);
check('no JSON', nad(`'{"type": "egress-router" "name": "a"}'`), ['nad-config-not-json: "']);
check('an object in place of a string', nad('{type: egress-router}'), ['nad-config-not-text: config']);
check('another plugin', nad(`'{"type": "macvlan"}'`).replace('egress-router-cni-nad', 'other'), []);
for (const [style, config] of Object.entries({ block, single, double })) {
  const filledIn = config.replace('192.168.12.99', '${IP}').replace('192.168.12.1', '${GW}');
  check(`values still to be filled in, ${style}`, nad(filledIn.replace('8080 TCP', '${PORT} TCP')), []);
  check(`what stands beside them, ${style}`, nad(filledIn.replace('TCP', 'TCPP')), [
    `netconf-destination-protocol-invalid: ${style === 'double' ? '\\"8080 TCPP 203.0.113.25 80\\"' : '"8080 TCPP 203.0.113.25 80"'}`,
  ]);
}
check(
  'variables without braces',
  nad(
    block.replace('192.168.12.99/24', '$IP').replace('192.168.12.1"', '$GW"').replace('203.0.113.26', '$D'),
  ),
  [],
);
check('a template', nad(block.replace('"192.168.12.1"', '"{{ .Values.gateway }}"')), []);

/** `wanted`: the file after the first completion with this label has been taken, places to fill in as they are. */
function checkCompletion(title: string, source: string, label: string, wanted: string): void {
  test(`completion: ${title}`, () => {
    const { text: before, offset } = cursorIn(source);
    const found = completionsAt(readYamlFile(before), offset);
    const chosen = found.find((one) => one.label === label);
    expect(found.map((one) => one.label)).toContain(label);
    const { span = { start: 0, end: 0 }, snippet = '' } = chosen ?? {};
    // In the syntax of snippets two of them are one.
    const put = snippet.replaceAll('\\\\', '\\');
    expect(before.slice(0, span.start) + put + before.slice(span.end)).toBe(wanted);
  });
}

const type = '"type": "egress-router"';
checkCompletion('a key', nad(`'{${type}, "|"}'`), 'ip', nad(`'{${type}, "ip": {$1}}'`));
checkCompletion(
  'a key, escaped',
  nad(`"{\\"type\\": \\"egress-router\\", \\"|\\"}"`),
  'name',
  nad(`"{\\"type\\": \\"egress-router\\", \\"name\\": \\"$1\\"}"`),
);
checkCompletion(
  'a key not yet begun',
  nad(`>-\n    {${type}, |}`),
  'ip',
  nad(`>-\n    {${type}, "ip": {$1}}`),
);
checkCompletion(
  'a key of an inner object',
  nad(`'{${type}, "ip": {|}}'`),
  'addresses',
  nad(`'{${type}, "ip": {"addresses": ["$1"]}}'`),
);
checkCompletion('a key that has its value', nad(`'{${type}, "i|": {}}'`), 'ip', nad(`'{${type}, "ip": {}}'`));
checkCompletion(
  'a gateway',
  nad(`'{${type}, "ip": {"addresses": ["192.168.12.99/24"], "gateway": "|"}}'`),
  '192.168.12.1',
  nad(`'{${type}, "ip": {"addresses": ["192.168.12.99/24"], "gateway": "192.168.12.1"}}'`),
);
checkCompletion(
  'an address',
  nad(`'{${type}, "ip": {"addresses": [|]}}'`),
  '192.168.12.99/24',
  nad(`'{${type}, "ip": {"addresses": ["\${1:192.168.12.99}/\${2:24}"]}}'`),
);
checkCompletion(
  'a protocol',
  nad(`'{${type}, "ip": {"destinations": ["8080 T| 203.0.113.25"]}}'`),
  'TCP',
  nad(`'{${type}, "ip": {"destinations": ["8080 TCP"]}}'`),
);
checkCompletion(
  'a destination',
  nad(`'{${type}, "ip": {"destinations": ["|"]}}'`),
  '8080 TCP 203.0.113.25 80',
  nad(`'{${type}, "ip": {"destinations": ["\${1:8080} \${2:TCP} \${3:203.0.113.25} \${4:80}"]}}'`),
);
checkCompletion(
  'a rule of a router',
  `${nad(`'{${type}, "ip": {"destinations": ["|"]}}'`)}---\n${router.replace('targetPort: 80', 'targetPort: 81')}`,
  '8080 TCP 203.0.113.25 81',
  `${nad(`'{${type}, "ip": {"destinations": ["8080 TCP 203.0.113.25 81"]}}'`)}---\n${router.replace('targetPort: 80', 'targetPort: 81')}`,
);
checkCompletion(
  'a mode',
  nad(`"{\\"type\\": \\"egress-router\\", \\"interfaceArgs\\": {\\"mode\\": |}}"`),
  'private',
  nad(`"{\\"type\\": \\"egress-router\\", \\"interfaceArgs\\": {\\"mode\\": \\"private\\"}}"`),
);
checkCompletion(
  'a key around the JSON',
  nad(single).replace('spec:', '  na|\nspec:').replace('  name: egress-router-cni-nad\n', ''),
  'name',
  nad(single).replace('spec:', '  name: \nspec:').replace('  name: egress-router-cni-nad\n', ''),
);

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: partner\nspec:\n';
function checkService(title: string, rest: string, label: string, wanted: string): void {
  checkCompletion(title, `${router}---\n${service}${rest}`, label, `${router}---\n${service}${wanted}`);
}
checkService(
  'the selector',
  '  selector:\n    |\n',
  'app: egress-router-cni',
  '  selector:\n    app: egress-router-cni\n',
);
const second = router.replace(/^  name: .*$/m, '  name: billing');
checkCompletion(
  'the selector of one router of several',
  `${router}---\n${second}---\n${service}  selector:\n    |\n`,
  'egress-router-tools/router: billing',
  `${router}---\n${second}---\n${service}  selector:\n    egress-router-tools/router: billing\n`,
);
checkService(
  'the value of the selector',
  '  selector:\n    app: |\n',
  'egress-router-cni',
  '  selector:\n    app: egress-router-cni\n',
);
checkService('a port', '  ports:\n    - port: |\n', '8080', '  ports:\n    - port: 8080\n');
checkService(
  'a key of a port',
  '  ports:\n    - port: 8080\n      |\n',
  'protocol',
  '  ports:\n    - port: 8080\n      protocol: \n',
);
checkService(
  'a name',
  '  ports:\n    - port: 8080\n      name: |\n',
  'tcp-8080',
  '  ports:\n    - port: 8080\n      name: tcp-8080\n',
);

// Editors put the blanks that the line begins with before the others.
const port8080 = 'name: tcp-8080\n  protocol: TCP\n  port: 8080\n  targetPort: 8080';
checkService(
  'the ports of the router, below spec',
  '  selector:\n    app: egress-router-cni\n  |',
  'ports',
  `  selector:\n    app: egress-router-cni\n  ports:\n  - ${port8080.replaceAll('\n', '\n  ')}`,
);
checkService('the selector, below spec', '  sel|\n', 'selector', '  selector:\n  app: egress-router-cni\n');
checkService('the first port', '  ports:\n    |\n', 'name: tcp-8080', `  ports:\n    - ${port8080}\n`);
checkService(
  'a port behind its dash',
  '  ports:\n    - |\n',
  'name: tcp-8080',
  `  ports:\n    - ${port8080}\n`,
);
checkService(
  'another port',
  '  ports:\n    - port: 443\n    |\n',
  'name: tcp-8080',
  `  ports:\n    - port: 443\n    - ${port8080}\n`,
);

const others = Object.keys(serviceSpecSchema.properties ?? {}).filter(
  (key) => !['type', 'selector', 'ports'].includes(key),
);

test.each([
  ['keys of spec', '  |\n', ['type', 'selector', 'ports', ...others]],
  ['keys of spec that are not there yet', '  type: ClusterIP\n  |\n', ['selector', 'ports', ...others]],
  [
    'an entry for each rule, and the keys of one',
    '  ports:\n    - |\n',
    ['name: tcp-8080', 'name', 'port', 'protocol', 'targetPort', 'nodePort', 'appProtocol'],
  ],
  ['no entry for a rule that has its port', '  ports:\n    - port: 8080\n    |\n', []],
])('%s', (_title, rest, wanted) => {
  const { text, offset } = cursorIn(`${router}---\n${service}${rest}`);
  expect(completionsAt(readYamlFile(text), offset).map(({ label }) => label)).toEqual(wanted);
});

test('a Service is completed only where there is a router, or where it selects one', () => {
  const labels = (rest: string) => {
    const { text, offset } = cursorIn(`${service}${rest}`);
    return completionsAt(readYamlFile(text), offset).map(({ label }) => label);
  };
  expect(labels('  |\n')).toEqual([]);
  expect(labels('  selector: {app: egress-router-cni}\n  type: |\n')).toEqual([
    'ClusterIP',
    'NodePort',
    'LoadBalancer',
    'ExternalName',
  ]);
});

test('a port that another entry has is not offered again', () => {
  const { text: before, offset } = cursorIn(
    `${router}---\n${service}  ports:\n    - port: 8080\n    - port: |\n`,
  );
  expect(completionsAt(readYamlFile(before), offset)).toEqual([]);
});

const base = createBaseService();

function checkHover(title: string, source: string, marked: string, said: readonly string[]): void {
  test(`hover: ${title}`, async () => {
    const { text: before, offset } = cursorIn(source);
    const hover = await hoverAt(readYamlFile(before), offset, base);
    expect(hover && before.slice(hover.span.start, hover.span.end)).toBe(marked);
    for (const piece of said) expect(hover?.markdown).toContain(piece);
  });
}

checkHover('a destination', nad(single.replace('8080 TCP', '8080| TCP')), '8080 TCP 203.0.113.25 80', [
  'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
]);
checkHover(
  'a fallback',
  nad(block.replace('|', '>').replace('"203.0.113.26"', '"203.|0.113.26"')),
  '203.0.113.26',
  ['*any other port*'],
);
checkHover('an address, escaped', nad(double.replace('12.99', '12.|99')), '192.168.12.99/24', [
  '256 addresses',
]);
checkHover('a key', nad(single.replace('gateway', 'gate|way')), 'gateway', ['next hop']);
checkHover('a key around it', nad(single).replace('config', 'con|fig'), 'config', ['JSON in a string']);

const legacy = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  containers:
    - name: router
      image: openshift/origin-egress-router
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99/24
        - name: EGRESS_DESTINATION
          value: "# the partner\\n80 tcp 203.0.113.25\\n203.0.113.26"
`;
checkHover('a line of a legacy router', legacy.replace('80 tcp', '80 t|cp'), '80 tcp 203.0.113.25', [
  'client → router:80/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
]);
checkHover('its fallback', legacy.replace('203.0.113.26', '203.0.|113.26'), '203.0.113.26', [
  '*any other port*',
]);
checkHover(
  'a comment in its rules',
  legacy.replace('partner', 'part|ner'),
  '# the partner\\n80 tcp 203.0.113.25\\n203.0.113.26',
  ['redirectRules'],
);
checkHover('a variable', legacy.replace('EGRESS_SOURCE', 'EGRESS|_SOURCE'), 'EGRESS_SOURCE', [
  'addresses[0].ip',
]);
checkHover(
  'the annotation',
  legacy.replace('assign-', 'assign|-'),
  'pod.network.openshift.io/assign-macvlan',
  ['macvlan.master'],
);

test('no text makes completion or hover throw', async () => {
  const whole = [
    nad(block),
    nad(single),
    nad(double),
    nad(block.replace('|', '>')),
    legacy,
    `${service}  ports:\n    - port: 8080\n`,
  ];
  const damaged = fc
    .tuple(fc.constantFrom(...whole), fc.nat(700), fc.nat(8), fc.oneof(roughText, fc.constant('')))
    .map(([text, at, length, put]) => `${router}---\n${text.slice(0, at)}${put}${text.slice(at + length)}`);
  await fc.assert(
    fc.asyncProperty(damaged, fc.nat(700), async (text, at) => {
      const file = readYamlFile(text);
      const offset = Math.min(text.length, router.length + 4 + at);
      for (const { span } of completionsAt(file, offset)) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
      }
      await hoverAt(file, offset, base);
    }),
    { numRuns: 300 },
  );
});
