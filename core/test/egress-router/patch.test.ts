import { expect, test } from 'vitest';
import { checkRouterPatch } from '#core/egress-router/patch.ts';

const rule = { port: 8081, protocol: 'TCP', destinationIP: '203.0.113.26' };

/** @param problems by code and path within the first operation */
function check(operations: readonly unknown[], ...problems: readonly string[]): void {
  test(JSON.stringify(operations), () => {
    const told = checkRouterPatch(operations).map(({ code, path }) => `${code} ${path.join('.')}`);
    expect(told).toEqual(problems);
  });
}

const add = (path: string, value: unknown): object => ({ op: 'add', path, value });

check([add('/spec/redirect/redirectRules/-', rule)]);
check([
  add('/spec/redirect/redirectRules/0', rule),
  { op: 'remove', path: '/spec/redirect/redirectRules/1' },
]);
check([add('/spec/redirect/redirectRules', rule)], 'patch-leads-nowhere 0.path');
check(
  [add('/spec/redirect/redirectRules/-', { ...rule, protocol: 'tcp' })],
  'protocol-lower-case 0.value.protocol',
);
check([add('/spec/redirect/redirectRules/-', [rule])], 'wrong-type 0.value');
check([add('/spec/redirect/redirectRules/01', rule)], 'patch-leads-nowhere 0.path');
check([add('/spec/addresses/0/ip', '192.168.12.99')], 'address-without-prefix 0.value');
check([{ op: 'remove', path: '/spec/addresses/-1/gateway' }]);
check([{ op: 'remove', path: '/spec/addresses/-0' }], 'patch-leads-nowhere 0.path');
check([add('/spec/networkInterface/macvlan/master', 'a/b')], 'invalid-interface-name 0.value');
check([add('/spec/networkInterface/macvlan/mode', 'bridge')], 'not-in-enum 0.value');
check([add('/metadata/annotations/a.b~1c', '1'), add('/metadata/labels', { a: 'b' })]);
check([add('/metadata/labels/a', 1)], 'wrong-type 0.value');
check([add('/spec/mode/inner', 1)], 'patch-leads-nowhere 0.path');
// The whole document.
check([
  { op: 'test', path: '', value: {} },
  { op: 'copy', from: '', path: '/metadata/annotations/a' },
]);
const whole = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'a' },
  spec: { addresses: [{ ip: '192.168.12.99/24' }], redirect: { redirectRules: [rule] } },
};
check([{ op: 'replace', path: '', value: whole }]);
check([{ op: 'replace', path: '', value: { ...whole, kind: 'Pod' } }], 'not-in-enum 0.value.kind');
check([add('', 'x')], 'wrong-type 0.value');
const { spec, ...bare } = whole;
check([add('', { ...whole, spec: { ...spec, mod: 1 } })], 'unknown-field 0.value.spec.mod');
check([add('', bare)], 'missing-field 0.value');
check([add('', bare), add('/spec', spec)]);
check([{ op: 'remove', path: 'spec' }], 'patch-leads-nowhere 0.path');
check([{ op: 'test', path: '/spec/mode', value: 1 }]);
check([{ op: 'test', path: '/spec/addresses/-', value: 1 }], 'patch-leads-nowhere 0.path');
check([{ op: 'copy', from: '/spec/addresses/0', path: '/spec/addresses/-' }]);
check([{ op: 'move', from: '/spec/adresses/0', path: '/spec/addresses/-' }], 'patch-leads-nowhere 0.from');
check([{ op: 'copy', path: '/spec/mode' }], 'missing-field 0');
check([{ op: 'add', path: '/spec/mode' }], 'missing-field 0');
check([{ op: 'increase', path: '/spec/mode' }], 'not-in-enum 0.op');
check([{ path: '/spec/mode' }, 'remove'], 'missing-field 0', 'wrong-type 1');
check([add('/spec', { addresses: [{ ip: '192.168.12.99/24' }] })], 'missing-field 0.value');
check([
  add('/spec', { addresses: [{ ip: '192.168.12.99/24' }] }),
  add('/spec/redirect', { redirectRules: [rule] }),
]);
