import { expect, test } from 'vitest';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { hoverAt } from '#language/features/hover.ts';
import { cursorIn, router } from './cursor.ts';

const base = createBaseService();

/** `wanted`: the marked text, and pieces of what is said, in order. */
function check(
  title: string,
  source: string,
  wanted: readonly [marked: string, ...said: string[]] | undefined,
): void {
  test(title, async () => {
    const { text, offset } = cursorIn(source);
    const hover = await hoverAt(readYamlFile(text), offset, base);
    if (wanted === undefined || hover === undefined) {
      expect(hover).toBe(wanted);
      return;
    }
    const [marked, ...said] = wanted;
    expect(text.slice(hover.span.start, hover.span.end)).toBe(marked);
    let from = 0;
    for (const piece of said) {
      const at = hover.markdown.indexOf(piece, from);
      expect(at, `${piece} in ${hover.markdown}`).toBeGreaterThanOrEqual(0);
      from = at + piece.length;
    }
  });
}

check('a key', router.replace('gateway', 'gate|way'), [
  'gateway',
  '**gateway**',
  'text',
  'next hop',
  '```yaml\ngateway: 192.168.12.1\n```',
]);
check('an address', router.replace('.12.99/24', '.12|.99/24'), [
  '192.168.12.99/24',
  '**192.168.12.0/24**',
  '192.168.12.0 – 192.168.12.255',
  '256 addresses',
  '**ip**',
  'required',
]);
check('a gateway', router.replace('.12.1\n', '.12|.1\n'), [
  '192.168.12.1',
  '192.168.12.1 is in **192.168.12.0/24**',
]);
check('a gateway elsewhere', router.replace('.12.1\n', '.13|.1\n'), [
  '192.168.13.1',
  'is outside **192.168.12.0/24**',
]);
check('a port', router.replace('8080', '80|80'), [
  '8080',
  'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
  '1 to 65535',
]);
check('a protocol', router.replace('TCP', 'T|CP'), ['TCP', 'router:8080/TCP', '`TCP` `UDP` `SCTP`']);
check('a fallback', `${router}    fallbackIP: 203.|0.113.26\n`, [
  '203.0.113.26',
  '*any other port* → **203.0.113.26**, same port, seen as **192.168.12.99**',
]);
check('a field of the metadata', router.replace('name:', 'na|me:'), ['name', 'The name of the router']);
check(
  'a label of which nothing is known',
  router.replace('spec:', '  labels:\n    te|am: x\nspec:'),
  undefined,
);
check('the kind', router.replace('kind', 'ki|nd'), ['kind', 'kind: EgressRouter']);
check(
  'JSON',
  '{"kind": "EgressRouter", "apiVersion": "network.operator.openshift.io/v1", "spec": {"mo|de": "Redirect"}}',
  ['mode', 'default `Redirect`'],
);
check('a comment', router.replace('TCP', 'TCP # |'), undefined);
check('a blank', `${router}|`, undefined);
check('other YAML', 'a: b|c', undefined);
check('another document of the file', `a: b|c\n---\n${router}`, undefined);
check('broken YAML', `${router.replace('8080', '80|80')}      - [`, ['8080', '**port**']);
