import { expect, test } from 'vitest';
import { namedPath } from '#core/entry-names.ts';
import { pathText } from '#core/path-text.ts';

const value = {
  addresses: [{ ip: '10.0.0.1' }],
  redirectRules: [{ port: 8080, protocol: 'UDP' }, { port: 53 }, { protocol: 'TCP' }, { port: 'x' }],
  ports: [{ name: 'web', port: 80 }],
};

test.each([
  [['redirectRules', 0, 'port'], 'redirectRules[8080/UDP].port'],
  [['redirectRules', 1], 'redirectRules[53/TCP]'],
  [['redirectRules', 2, 'port'], 'redirectRules[2].port'],
  [['redirectRules', 3], 'redirectRules[3]'],
  [['redirectRules', 4], 'redirectRules[4]'],
  [['ports', 0, 'name'], 'ports[web].name'],
  [['addresses', 0, 'ip'], 'addresses[0].ip'],
  [['redirectRules'], 'redirectRules'],
  [[], ''],
])('%j is read as %s', (path, text) => expect(pathText(namedPath(path, value))).toBe(text));
