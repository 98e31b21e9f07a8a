import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from 'yaml-language-server';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { validate } from '#core/schema/validate.ts';
import { toDraft07 } from '#language/draft-07.ts';

/**
 * Diagnostics come from our own validator, completion and hover from yaml-language-server. The two must agree
 * on what the schema admits, or an editor would offer what it then underlines.
 */
const service = getLanguageService({
  schemaRequestService: (uri) => Promise.reject(new Error(uri)),
  workspaceContext: { resolveRelativePath: (relative) => relative },
});
service.configure({
  validate: true,
  schemas: [{ uri: 'egress-router:///schema.json', fileMatch: ['*'], schema: toDraft07(egressRouterSchema) }],
});

let version = 0;
async function admitsByService(value: unknown): Promise<boolean> {
  version += 1;
  const document = TextDocument.create(
    'egress-router:///verdict.yaml',
    'yaml',
    version,
    JSON.stringify(value),
  );
  return (await service.doValidation(document, false)).length === 0;
}

const sound = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'partner-api', labels: { team: 'web' } },
  spec: {
    mode: 'Redirect',
    networkInterface: { macvlan: { mode: 'Bridge', master: 'enp1s0' } },
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }, { ip: 'fd12::99/64' }],
    redirect: {
      redirectRules: [{ destinationIP: '203.0.113.25', port: 8080, protocol: 'TCP', targetPort: 80 }],
      fallbackIP: '2001:db8::25',
    },
  },
  status: { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: '2026-01-31T12:00:00Z' }] },
};

/** Not among them: `fd12::12345` and `fd12:::1`, which the service's pattern for IPv6 lets through. */
const anything = fc.constantFrom<unknown>(
  null,
  true,
  0,
  1,
  1.5,
  65535,
  65536,
  -1,
  '',
  'TCP',
  'tcp',
  'Bridge',
  'Redirect',
  '192.168.12.1',
  '192.168.12.256',
  '1.2.3',
  'fd12::1',
  'fd12::zz',
  '::',
  'api.example.com',
  [],
  [null],
  {},
  { macvlan: {} },
  { ip: '10.0.0.5/24' },
  [{ ip: '10.0.0.5/24' }],
  { port: 1, protocol: 'UDP', destinationIP: '203.0.113.25' },
);

/** A change at a random place: one that takes a value away, puts another in, or adds a field. */
const change = fc.record({
  steps: fc.array(fc.nat(7), { minLength: 1, maxLength: 6 }),
  how: fc.constantFrom('take', 'put', 'add'),
  value: anything,
});

function changed(value: unknown, [step = 0, ...rest]: readonly number[], how: string, put: unknown): unknown {
  if (typeof value !== 'object' || value === null) return put;
  const entries = Object.entries(value);
  const [key, inner] = entries[step % Math.max(1, entries.length)] ?? ['', undefined];
  const goesOn = rest.length > 0 && typeof inner === 'object' && inner !== null;
  const made = goesOn
    ? entries.map(([name, one]) => [name, name === key ? changed(inner, rest, how, put) : one])
    : how === 'take'
      ? entries.filter(([name]) => name !== key)
      : how === 'add'
        ? [...entries, ['extra', put]]
        : entries.map(([name, one]) => [name, name === key ? put : one]);
  return Array.isArray(value) ? made.map(([, one]) => one) : Object.fromEntries(made);
}

test('the sample that is changed is sound', async () => {
  expect(validate(egressRouterSchema, sound)).toEqual([]);
  expect(await admitsByService(sound)).toBe(true);
});

test('our verdict is that of yaml-language-server', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const value = changes.reduce<unknown>(
        (before, { steps, how, value: put }) => changed(before, steps, how, put),
        sound,
      );
      const isSound = validate(egressRouterSchema, value).length === 0;
      if (!isSound) refused += 1;
      expect(await admitsByService(value), JSON.stringify(value)).toBe(isSound);
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(100);
});
