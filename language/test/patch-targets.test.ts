import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';
import { router } from './cursor.ts';

type Files = Readonly<Record<string, string>>;

const target = 'target: {kind: EgressRouter, name: partner-api}';
const removal = '- op: remove\n  path: /spec/redirect/fallbackIP\n';
const withFallback = `${router}    fallbackIP: 203.0.113.26\n`;
const kustomization = `resources: [router.yaml]\npatches:\n  - path: patch.yaml\n    ${target}\n`;
const files: Files = {
  'router.yaml': router,
  'kustomization.yaml': kustomization,
  'patch.yaml': removal,
};
const told = 'patch.yaml: /spec/redirect/fallbackIP <- router.yaml: partner-api';

function tell(workspace: Workspace, all: Files): readonly string[] {
  return Object.keys(all).flatMap((uri) =>
    workspace
      .diagnosticsOf(uri)
      .filter(({ diagnostic: { code } }) => code === 'patch-leads-nowhere')
      .map(({ slice, diagnostic: { span }, related }) => {
        const places = related.map(
          (place) => `${place.uri}: ${all[place.uri]?.slice(place.span.start, place.span.end)}`,
        );
        return `${uri}: ${slice.text.slice(span.start, span.end)} <- ${places.join(' ')}`;
      }),
  );
}

/** @param wanted whatever file is read first */
function check(changes: Files, wanted: readonly string[]): void {
  const all = { ...files, ...changes };
  for (const order of [Object.entries(all), Object.entries(all).toReversed()]) {
    const workspace = new Workspace();
    for (const [uri, text] of order) workspace.setFile(uri, readYamlFile(text));
    expect(tell(workspace, all)).toEqual(wanted);
  }
}

test('an operation for what the router does not have', () => {
  check({}, [told]);
  check({ 'router.yaml': withFallback }, []);
  check({ 'router.yaml': `a: 1\n---\n${router}` }, [told]);
  check({ 'patch.yaml': '[{"op": "remove", "path": "/spec/redirect/fallbackIP"}]' }, [
    told.replace('/spec/redirect/fallbackIP', '"/spec/redirect/fallbackIP"'),
  ]);
  check({ 'router.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${router.replaceAll('\n', '\n  ')}` }, [
    told,
  ]);
});

test('in the kustomization itself', () => {
  const inline = `resources: [router.yaml]\npatches:\n  - ${target}\n    patch: |-\n${removal.replace(/^(?=.)/gm, '      ')}`;
  const here = ['kustomization.yaml: /spec/redirect/fallbackIP <- router.yaml: partner-api'];
  check({ 'kustomization.yaml': inline, 'patch.yaml': '' }, here);
  check({ 'kustomization.yaml': inline, 'patch.yaml': '', 'router.yaml': withFallback }, []);
  const old = inline.replace('patches:', 'patchesJson6902:');
  check({ 'kustomization.yaml': old, 'patch.yaml': '' }, here);
});

test('of a base that an overlay patches', () => {
  const base = { 'base/kustomization.yaml': 'resources: [r.yaml]\n', 'base/r.yaml': router };
  const overlay = kustomization.replace('router.yaml', 'base');
  const there = ['patch.yaml: /spec/redirect/fallbackIP <- base/r.yaml: partner-api'];
  check({ ...base, 'router.yaml': '', 'kustomization.yaml': overlay }, there);
  // It may have been added on the way.
  const patched = `resources: [r.yaml]\npatches: [{path: p.yaml}]\n`;
  check(
    { ...base, 'base/kustomization.yaml': patched, 'router.yaml': '', 'kustomization.yaml': overlay },
    [],
  );
});

test('where it is not certain which router it is, or what it is then, nothing is told', () => {
  const others = (more: string): Files => ({ 'kustomization.yaml': `${kustomization}${more}` });
  check({ 'kustomization.yaml': kustomization.replace('[router.yaml]', '[other.yaml]') }, []);
  check({ 'kustomization.yaml': kustomization.replace('name: partner-api', 'name: partner-.*') }, []);
  check({ 'kustomization.yaml': kustomization.replace('api}', 'api, labelSelector: a=b}') }, []);
  check({ 'kustomization.yaml': kustomization.replace('api}', 'api, namespace: shop}') }, []);
  check(others('  - path: another.yaml\n'), []);
  check(others('  - path: another.yaml\n    target: {kind: EgressRouter, name: other}\n'), [told]);
  check(others('  - path: another.yaml\n    target: {kind: Deployment}\n'), [told]);
  check(others('components: [../c]\n'), []);
  check(others('replacements: [{path: r.yaml}]\n'), []);
  check({ 'router.yaml': `${router}---\n${router.replace('namespace: web', 'namespace: shop')}` }, []);
  check({ 'router.yaml': router.replace('8080', '{{ .Values.port }}') }, []);
  check({ 'router.yaml': router.replace('8080', '[') }, []);
  check({ 'patch.yaml': removal.replace('fallbackIP', '${FIELD}') }, []);
});

test('what is told after any changes is what a fresh workspace tells', () => {
  const versions: Readonly<Record<string, readonly string[]>> = {
    'router.yaml': [
      router,
      withFallback,
      `${router}---\n${router}`,
      router.replace('partner-api', 'other'),
      'a: 1',
    ],
    'second.yaml': [router, withFallback, 'a: 1'],
    'kustomization.yaml': [
      kustomization,
      kustomization.replace('[router.yaml]', '[second.yaml]'),
      kustomization.replace('partner-api', 'other'),
      'resources: [router.yaml]\n',
    ],
    'patch.yaml': [removal, removal.replace('remove', 'test').concat('  value: 1\n'), '', `# a\n${removal}`],
  };
  const step = fc.constantFrom(
    ...Object.entries(versions).flatMap(([uri, texts]) =>
      [...texts, undefined].map((text) => [uri, text] as const),
    ),
  );
  let count = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const workspace = new Workspace();
      const shown = new Map<string, readonly string[]>();
      const all: Record<string, string> = {};
      for (const [uri, text] of [...Object.entries(files), ...steps]) {
        if (text === undefined) delete all[uri];
        else all[uri] = text;
        if (text === undefined) workspace.deleteFile(uri);
        else workspace.setFile(uri, readYamlFile(text, workspace.file(uri)));
        // As a server does, which asks again for none but those.
        for (const changed of workspace.takeChanged())
          shown.set(
            changed,
            tell(workspace, all).filter((one) => one.startsWith(`${changed}:`)),
          );
      }
      const fresh = new Workspace();
      for (const [uri, text] of Object.entries(all)) fresh.setFile(uri, readYamlFile(text));
      const wanted = tell(fresh, all);
      count += wanted.length;
      expect(Object.keys(all).flatMap((uri) => shown.get(uri) ?? [])).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
  expect(count).toBeGreaterThan(20);
});
