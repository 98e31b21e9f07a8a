import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMac } from '#core/net/mac.ts';
import { stableMac } from '#core/net/stable-mac.ts';

// They stand in networks from one version of this project to the next.
test.each([
  [['demo', 'egress-a'], 'ee:bf:af:ee:49:8a'],
  [['demo', 'egress-b'], '9e:d3:e5:c4:77:22'],
  [['demoegress', '-a'], 'e6:dc:c1:c0:95:ae'],
  [[], '2e:ab:05:78:ab:1b'],
] as const)('of %j', (names, mac) => {
  expect(stableMac(...names)).toBe(mac);
});

test('is a MAC that no hardware has', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      const mac = stableMac(...names);
      expect(parseMac(mac)).toBe(mac);
      expect(Number.parseInt(mac.slice(0, 2), 16) & 3).toBe(2);
    }),
  );
});

test('differs for each of ten thousand routers', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `egress-${index}`);
  expect(new Set(names.map((name) => stableMac('demo', name))).size).toBe(names.length);
});
