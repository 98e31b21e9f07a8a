import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';
import { router } from './cursor.ts';

const address = '192.168.12.70/24';
const header = 'apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\n';
const merge = `${header}metadata: {name: partner-api}\nspec: {addresses: [{ip: ${address}, gateway: 192.168.12.1}]}\n`;
const target = 'target: {kind: EgressRouter, name: partner-api}';
const base = { 'b/base.yaml': router, 'b/kustomization.yaml': 'resources: [base.yaml]\n' };
/** Has the address that the patches give to the router of the base. */
const other = router
  .replace('partner-api', 'other')
  .replace('namespace: web', 'namespace: shop')
  .replace('192.168.12.99', '192.168.12.70');

/** Each as `file code what is marked <- file: what is marked there`, whatever file is read first. */
function found(files: Readonly<Record<string, string>>): readonly string[] {
  const of = (order: readonly (readonly [string, string])[]): readonly string[] => {
    const workspace = new Workspace();
    for (const [uri, text] of order) workspace.setFile(uri, readYamlFile(text));
    return order
      .flatMap(([uri]) =>
        workspace.diagnosticsOf(uri).map(({ slice, diagnostic: { code, span }, related }) => {
          const places = related.map(
            (place) => `${place.uri}: ${files[place.uri]?.slice(place.span.start, place.span.end)}`,
          );
          return [uri, code, slice.text.slice(span.start, span.end), '<-', ...places].join(' ');
        }),
      )
      .toSorted();
  };
  const told = of(Object.entries(files));
  expect(of(Object.entries(files).toReversed())).toEqual(told);
  return told;
}

function over(patch: string): Readonly<Record<string, string>> {
  return { 'o/kustomization.yaml': `resources: [../b]\npatches:\n${patch}` };
}

function block(text: string): string {
  return `|-\n${text.trim().replace(/^/gm, '      ')}\n`;
}

/** @param wanted where the address is written that is that of another router too; none where it is not known whose it is */
function check(files: Readonly<Record<string, string>>, wanted?: string) {
  const both = [
    `${wanted} address-in-use ${address} <- other.yaml: ${address}`,
    `other.yaml address-in-use ${address} <- ${wanted}: ${address}`,
  ];
  expect(found({ ...base, 'other.yaml': other, ...files })).toEqual(
    wanted === undefined ? [] : both.toSorted(),
  );
}

test('an address that a patch gives is compared with those of other routers', () => {
  const inline = 'o/kustomization.yaml';
  check({ ...over('  - path: p.yaml\n'), 'o/p.yaml': merge }, 'o/p.yaml');
  check(over('  - path: q.yaml\n'));
  check(over(`  - patch: ${block(merge)}`), inline);
  check(over(`  - patch: ${block(`---\n${merge}`)}`), inline);
  check(over(`  - patch: ${JSON.stringify(merge)}\n`), inline);
  check(over(`  - patch: '${merge.replaceAll('\n', '\n\n      ')}'\n`), inline);
  check({ [inline]: `resources: [../b]\npatchesStrategicMerge:\n  - ${block(merge)}` }, inline);
  check({ [inline]: over(`  - patch: ${block(merge)}`)[inline]?.replaceAll('\n', '\r\n') ?? '' }, inline);
});

test('so is one that an operation of JSON 6902 gives', () => {
  for (const operation of [
    `- {op: replace, path: /spec/addresses/0/ip, value: ${address}}\n`,
    `- {op: replace, path: /spec/addresses/0, value: {ip: ${address}}}\n`,
    `- {op: replace, path: /spec/addresses/-1/ip, value: ${address}}\n`,
    `- {op: add, path: /spec/addresses/-, value: {ip: ${address}}}\n`,
    `- {op: add, path: /spec/addresses, value: [{ip: ${address}}]}\n`,
    `- op: replace\n  path: /spec\n  value:\n    redirect: {fallbackIP: 203.0.113.25}\n    addresses:\n      - ip: ${address}\n`,
  ]) {
    check({ ...over(`  - path: p.yaml\n    ${target}\n`), 'o/p.yaml': operation }, 'o/p.yaml');
    check(over(`  - ${target}\n    patch: ${block(operation)}`), 'o/kustomization.yaml');
    const old = `resources: [../b]\npatchesJson6902:\n  - path: p.yaml\n    ${target}\n`;
    check({ 'o/kustomization.yaml': old, 'o/p.yaml': operation }, 'o/p.yaml');
  }
  const operations = [{ op: 'replace', path: '/spec/addresses/0/ip', value: address }];
  const json = found({
    ...base,
    'other.yaml': other,
    ...over(`  - path: p.json\n    ${target}\n`),
    'o/p.json': JSON.stringify(operations, null, 2),
  });
  expect(json).toContain(`o/p.json address-in-use "${address}" <- other.yaml: ${address}`);
});

test('nothing is said where it is not known whose address it is', () => {
  const operation = `- {op: replace, path: /spec/addresses/0/ip, value: ${address}}\n`;
  for (const of of [
    'target: {kind: Service, name: partner-api}',
    'target: {kind: EgressRouter, name: "partner-.*"}',
    'target: {kind: EgressRouter, name: partner-api, labelSelector: a=b}',
    'target: {kind: EgressRouter}',
    'options: {}',
  ])
    check(over(`  - ${of}\n    patch: ${block(operation)}`));
  check(over(`  - ${target}\n    patch: ${block(operation.replace('replace', 'test'))}`));
  check(
    over(`  - ${target}\n    patch: ${block(operation.replace('0/ip', '0/gateway').replace('/24', ''))}`),
  );
  check(over(`  - patch: ${block(merge.replace(address, '"{{ .ip }}"'))}`));
});

test('a router is no other one in its patch', () => {
  const same = merge.replace(address, '192.168.12.99/24');
  const overlay = (namespace: string) =>
    `namespace: ${namespace}\nresources: [../b]\npatches: [{path: ../o/p.yaml}]\n`;
  check({ 'other.yaml': '', 'o/kustomization.yaml': overlay('web'), 'o/p.yaml': same });
  const both = { 'o/kustomization.yaml': overlay('web'), 's/kustomization.yaml': overlay('shop') };
  check({ 'other.yaml': '', ...both, 'o/p.yaml': same });
});

test('a component patches what stands beside it', () => {
  const overlay = 'namespace: web\nresources: [../b]\ncomponents: [../c]\n';
  const component = (patch: string) => `kind: Component\npatches:\n  - patch: ${block(patch)}`;
  const files = { 'o/kustomization.yaml': overlay, 'c/kustomization.yaml': component(merge) };
  check(files, 'c/kustomization.yaml');
  const gone = merge.replace(address, '192.168.12.71/24');
  const rival = { 'other.yaml': other.replace('192.168.12.70', '192.168.12.99') };
  check({ ...rival, ...files, 'c/kustomization.yaml': component(gone) });
});

test('an address that a patch takes away is not compared', () => {
  const rival = { 'other.yaml': other.replace('192.168.12.70', '192.168.12.99') };
  const gone = `${header}metadata: {name: partner-api}\n$patch: delete\n`;
  const operation = '- {op: remove, path: /spec/addresses/0}\n';
  check({ ...rival, ...over(`  - patch: ${block(gone)}`) });
  const taking = (index: string) =>
    over(`  - ${target}\n    patch: ${block(operation.replace('/0', `/${index}`))}`);
  check({ ...rival, ...taking('0') });
  // From the end.
  check({ ...rival, ...taking('-1') });
  const two = router.replace('  redirect:', '    - ip: 192.168.13.9/24\n  redirect:');
  const places = ['b/base.yaml', 'other.yaml'];
  for (const [index, isTold] of [
    ['-1', true],
    ['-2', false],
    ['-3', true],
  ] as const) {
    const told = found({ ...base, ...rival, 'b/base.yaml': two, ...taking(index) });
    expect(told.filter((one) => one.includes(' address-in-use ')).map((one) => one.split(' ')[0])).toEqual(
      isTold ? places : [],
    );
  }
});

test('a patch in a kustomization is checked as one in a file is', () => {
  const wrong = `${router.slice(0, router.indexOf('spec:'))}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.13.1
`;
  check({ 'other.yaml': '' });
  expect(found({ ...base, ...over(`  - patch: ${block(wrong)}`) })).toEqual([
    'o/kustomization.yaml gateway-outside-subnet 192.168.13.1 <-',
  ]);
  expect(
    found({ ...base, ...over(`  - patch: ${block('kind: EgressRouter\nspec: {$patch: x}\n')}`) }),
  ).toEqual([]);
});
