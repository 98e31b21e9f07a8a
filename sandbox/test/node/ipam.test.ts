import { expect, test } from 'vitest';
import { Ipam } from '#sandbox/node/ipam.ts';

test('every address of the pod network is handed out once, and again only after the others', () => {
  const ipam = new Ipam();
  const first = ipam.take();
  expect(first).toEqual({ ip4: '10.128.0.2', ip6: 'fd10:128::2' });
  ipam.give(first);
  const others = Array.from({ length: 252 }, () => ipam.take().ip4);
  expect(others.at(0)).toBe('10.128.0.3');
  expect(others.at(-1)).toBe('10.128.0.254');
  expect(ipam.take()).toEqual(first);
  expect(() => ipam.take()).toThrow('no free address in 10.128.0.0/24');
});
