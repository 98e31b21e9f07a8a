import { expect, test } from 'vitest';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { toFacts } from '#language/objects.ts';
import { head } from './cursor.ts';
import { podWithAddress, rulesMap, rulesVariable } from './legacy-manifests.ts';

const base = createBaseService();

/** The `@` stands where the cursor is. `wanted`: the marked text, and the beginning of what is said. */
function check(
  title: string,
  source: string,
  wanted: readonly [marked: string, said: string] | undefined,
  around = '',
): void {
  test(title, async () => {
    const offset = source.indexOf('@');
    const text = source.slice(0, offset) + source.slice(offset + 1);
    const facts = readYamlFile(around).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts));
    const hover = await hoverAt(readYamlFile(text), offset, base, undefined, () => facts);
    if (wanted === undefined || hover === undefined) {
      expect(hover).toBe(wanted);
      return;
    }
    const [marked, said] = wanted;
    expect(text.slice(hover.span.start, hover.span.end)).toBe(marked);
    expect(hover.markdown.slice(0, said.length)).toBe(said);
  });
}

const pod = `${podWithAddress}        - name: EGRESS_GATEWAY
          value: 192.168.12.1
        - name: EGRESS_DESTINATION
          value: |
            8080 tcp 203.0.113.25 80
            # everything else
            203.0.113.26
        - name: EGRESS_ROUTER_MODE
          value: init
`;
const at = (word: string): string => pod.replace(word, `@${word}`);
const rule =
  'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**\n\n---\n\n**EGRESS_DESTINATION**';

check('an address', at('192.168.12.99/24'), [
  '192.168.12.99/24',
  '192.168.12.99 in **192.168.12.0/24**: 192.168.12.0 – 192.168.12.255, 256 addresses\n\n---\n\n**EGRESS_SOURCE**',
]);
check(
  'of an address without a prefix length no network is known',
  at('192.168.12.99/24').replace('/24', ''),
  ['192.168.12.99', '**EGRESS_SOURCE**'],
);
check('a gateway', at('192.168.12.1\n'), [
  '192.168.12.1',
  '192.168.12.1 is in **192.168.12.0/24**, the subnet of 192.168.12.99.\n\n---\n\n**EGRESS_GATEWAY**',
]);
check('a rule', at('tcp'), ['8080 tcp 203.0.113.25 80', rule]);
check('a rule without a remote port', at('tcp').replace(' 80\n', '\n'), [
  '8080 tcp 203.0.113.25',
  'client → router:8080/TCP → **203.0.113.25:8080**, seen as **192.168.12.99**',
]);
check('the fallback', at('203.0.113.26'), [
  '203.0.113.26',
  'client → router:*any other port* → **203.0.113.26**, same port, seen as **192.168.12.99**',
]);
check('a mode', at('init\n'), [
  'init',
  '**init** · Sets up the interface and the redirects, and ends.\n\n---\n\n**EGRESS_ROUTER_MODE**',
]);
check('a mode that there is not', at('init\n').replace('@init', '@inti'), ['inti', '**EGRESS_ROUTER_MODE**']);
check('a name', at('EGRESS_SOURCE'), ['EGRESS_SOURCE', '**EGRESS_SOURCE** · The reserved address']);
check('the annotation', at('pod.network'), [
  'pod.network.openshift.io/assign-macvlan',
  '**assign-macvlan** · The pod gets a macvlan interface',
]);

const configMap = `${rulesMap}    203.0.113.26
`;
const fed = `${podWithAddress}${rulesVariable}`;
const here = configMap.replace('tcp', '@tcp');
check(
  'a line of a ConfigMap, whose router is in another file',
  here,
  ['8080 tcp 203.0.113.25 80', rule],
  fed,
);
check('whose router is in the same file', `${fed}---\n${here}`, ['8080 tcp 203.0.113.25 80', rule]);
check(
  'the key of a ConfigMap',
  configMap.replace('rules', '@rules'),
  ['rules', '**EGRESS_DESTINATION**'],
  fed,
);
check(
  'two routers with two addresses read it',
  here,
  ['8080 tcp 203.0.113.25 80', 'client → router:8080/TCP → **203.0.113.25:80**\n'],
  `${fed}---\n${fed.replace('12.99', '12.98')}`,
);
check('nothing reads it', here, undefined);
check('a key that nothing reads', `${configMap}  other: @x\n`, undefined, fed);

// The annotations of this project.
const annotated = (line: string): string => `${head}  annotations:\n    ${line}\nspec:\n  addresses: []\n`;
check('an annotation', annotated('egress-router-tools/@spread: required'), [
  'egress-router-tools/spread',
  'Where the Cluster Network Operator makes the router: it ignores this annotation, which only the operator of this project knows.\n\n---\n\n**egress-router-tools/spread** · text · default `preferred`\n\nHow routers keep to nodes of their own.\n\n- `preferred`: Routers run on different nodes where they can. The default.\n- `required`',
]);
check('its value', annotated('egress-router-tools/expose: "@true"'), [
  'true',
  'Where the Cluster Network Operator makes the router',
]);
test('the operator that knows them ignores none', async () => {
  const text = annotated('egress-router-tools/expose: "true"');
  const file = readYamlFile(text, undefined, { reconciler: 'agent' });
  const hover = await hoverAt(file, text.indexOf('expose'), base);
  expect(hover?.markdown).toMatch(/^\*\*egress-router-tools\/expose\*\*/);
});
