import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';

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
export function nad(config: string): string {
  return `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata:\n  name: egress-router-cni-nad\nspec:\n  config: ${config}\n`;
}

const text = JSON.stringify(json, undefined, 2);
const block = `|\n    ${text.replaceAll('\n', '\n    ')}`;
const single = `'${JSON.stringify(json)}'`;
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

for (const [style, config] of Object.entries({ block, single, double })) {
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
check('no JSON', nad(`'{"type": "egress-router" "name": "a"}'`), ['nad-config-not-json: "']);
check('an object in place of a string', nad('{type: egress-router}'), ['nad-config-not-text: config']);
check('another plugin', nad(`'{"type": "macvlan"}'`).replace('egress-router-cni-nad', 'other'), []);
check('a template', nad(block.replace('"192.168.12.1"', '"{{ .Values.gateway }}"')), []);
