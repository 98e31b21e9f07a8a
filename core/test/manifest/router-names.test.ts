import { expect, test } from 'vitest';
import { documentedNames, namesOfFurther, routerLabelValue } from '#core/manifest/router-names.ts';

test('names are made of the router’s, and are none of those documented', () => {
  expect(namesOfFurther('b')).toEqual({
    nad: 'egress-router-cni-b-nad',
    configMap: 'egress-router-cni-b-config',
    deployment: 'egress-router-cni-b-deployment',
    app: 'egress-router-cni-b-deployment',
  });
  for (const name of ['nad', 'config', 'deployment', 'cni']) {
    for (const [key, documented] of Object.entries(documentedNames)) {
      expect(namesOfFurther(name)).not.toHaveProperty(key, documented);
    }
  }
});

test.each([
  ['a name of just the length', 'x'.repeat(34), `egress-router-cni-${'x'.repeat(34)}-deployment`],
  ['a longer one', 'x'.repeat(35), 'egress-router-cni-xxxxxxxxxxxxxxxxxxxxxxxxx-5588238f-deployment'],
  ['dots, that a Service has none of', 'a.b', 'egress-router-cni-a-b-108bf50c-deployment'],
  ['a cut at a dash', `${'x'.repeat(24)}-${'y'.repeat(30)}`, ''],
])('%s', (_, name, expected) => {
  const { deployment } = namesOfFurther(name);
  expect(deployment).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  expect(deployment.length).toBeLessThanOrEqual(63);
  if (expected !== '') expect(deployment).toBe(expected);
});

test('names that differ stay different when they are cut or rewritten', () => {
  const names = ['a.b', 'a-b', 'a.b.', `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`];
  expect(new Set(names.map((name) => namesOfFurther(name).nad)).size).toBe(names.length);
});

test('the label holds the name, or as much of it as a label can', () => {
  expect(routerLabelValue('shop.partner')).toBe('shop.partner');
  const long = 'name.'.repeat(30).concat('end');
  expect(routerLabelValue(long)).toMatch(/^[a-z0-9.-]{1,63}$/);
  expect(routerLabelValue(long)).not.toBe(routerLabelValue(`${long}x`));
});
