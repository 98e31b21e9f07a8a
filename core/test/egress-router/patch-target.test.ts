import { expect, test } from 'vitest';
import { checkPatchOfRouter } from '#core/egress-router/patch-target.ts';

const router = {
  spec: {
    mode: null,
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
    redirect: { redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25' }] },
  },
};

/** An operation as `op path`, or `op from path`. @param values of those that have one */
function check(
  operations: readonly string[],
  wanted: readonly string[],
  values: readonly unknown[] = [],
): void {
  const patch = operations.map((one, index) => {
    const [op, first, second] = one.split(' ');
    return second === undefined
      ? { op, path: first, value: values[index] ?? '203.0.113.26' }
      : { op, from: first, path: second };
  });
  const found = checkPatchOfRouter(patch, router, 'a');
  expect(found.map(({ path, message }) => `${path.join('/')}: ${message}`)).toEqual(
    wanted.map((one) => expect.stringContaining(one)),
  );
}

// What `kubectl kustomize` (5.5) does with each, which was tried.
test('what Kustomize refuses', () => {
  check(
    ['remove /spec/redirect/fallbackIP'],
    ['0/path: The EgressRouter a has no /spec/redirect/fallbackIP;'],
  );
  check(['remove /spec/networkInterface/macvlan'], ['a has no /spec/networkInterface;']);
  check(['replace /spec/networkInterface/macvlan'], ['a has no /spec/networkInterface;'], [{}]);
  check(['test /spec/redirect/fallbackIP'], ['a has no /spec/redirect/fallbackIP;']);
  check(
    ['replace /spec/addresses/1/ip'],
    ['no entry /spec/addresses/1: /spec/addresses has 1 entry, number 0;'],
    ['192.168.12.98/24'],
  );
  check(['remove /spec/addresses/1'], ['no entry /spec/addresses/1']);
  check(['remove /spec/addresses/-2'], ['no entry /spec/addresses/-2']);
  check(['add /spec/addresses/2'], ['no entry /spec/addresses/2'], [{ ip: '192.168.12.98/24' }]);
  check(['add /spec/networkInterface/macvlan/mode'], ['a has no /spec/networkInterface;'], ['Private']);
  check(['move /spec/redirect/fallbackIP /spec/mode'], ['0/from: The EgressRouter a has no']);
  check(
    ['remove /spec/redirect', 'remove /spec/redirect/redirectRules'],
    ['1/path: The EgressRouter a has no /spec/redirect;'],
  );
});

test('what it takes', () => {
  check(['replace /spec/redirect/fallbackIP'], []);
  check(['replace /spec/addresses/-1/ip'], [], ['192.168.12.98/24']);
  check(['remove /spec/addresses/-1'], []);
  check(['add /spec/addresses/1'], [], [{ ip: '192.168.12.98/24' }]);
  check(['add /spec/addresses/-'], [], [{ ip: '192.168.12.98/24' }]);
  check(['copy /spec/redirect/fallbackIP /spec/mode'], []);
  check(['remove /spec/mode'], []);
  check(['add /spec/redirect/fallbackIP', 'remove /spec/redirect/fallbackIP'], []);
  check(['add /spec/addresses/0', 'remove /spec/addresses/1'], [], [{ ip: '192.168.12.98/24' }]);
  check(['move /spec/addresses/0 /spec/addresses/-', 'remove /spec/addresses/0'], []);
  expect(
    checkPatchOfRouter([{ op: 'test', path: '/spec/redirect/fallbackIP', value: null }], router, 'a'),
  ).toEqual([]);
});

test('what others tell of, and what Kustomize itself writes, is not looked at', () => {
  check(['remove /spec/adresses', 'remove /spec/redirect/fallbackIP'], []);
  check(['remove /metadata/labels/team', 'remove /spec/redirect/fallbackIP'], ['1/path']);
  expect(checkPatchOfRouter([null, {}, { op: 'remove' }], router, 'a')).toEqual([]);
});
