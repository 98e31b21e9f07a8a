import { expect, test } from 'vitest';
import { pathText } from '#core/path-text.ts';

test.each([
  [[], ''],
  [['spec'], 'spec'],
  [['spec', 'addresses', 0, 'ip'], 'spec.addresses[0].ip'],
  [[0, 'ip'], '[0].ip'],
])('%j is %s', (path, text) => expect(pathText(path)).toBe(text));
