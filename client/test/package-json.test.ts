// What package.json says to people, and to those who cannot see the icons.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Welcome } from '#client/tree/sidebar.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
const { contributes, capabilities }: { contributes: Contributes; capabilities: Capabilities } =
  JSON.parse(manifest);
const texts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(path.join(root, 'package.nls.json'), 'utf8'),
);
const registered = new Set(
  [...readdirSync(path.join(root, 'client/src')).map((file) => `client/src/${file}`), 'core/src/protocol.ts']
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(path.join(root, file), 'utf8').matchAll(/'(egressRouter\.\w+)'/g)])
    .map(([, id]) => id),
);

interface Capabilities {
  readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
}

interface Contributes {
  readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  readonly commands: readonly Command[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
  readonly viewsWelcome: readonly { readonly when: string; readonly contents: string }[];
  readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
}

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

interface Step {
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

/** They are needed most where nothing else works: no cluster, no editor, an extension that has not started. */
const alwaysPossible = ['egressRouter.showOutput', 'egressRouter.openDocumentation'];
const ids = contributes.commands.map(({ command }) => command);
const textOf = (key: string): string => texts[key.slice(1, -1)] ?? '';
const titleOf = ({ title }: Command): string => textOf(title);

test.each(contributes.commands.map((command) => [command.command, command] as const))(
  '%s has a title, a category, an icon and an enablement',
  (id, command) => {
    expect(command.category).toBe('%category%');
    expect(command.icon).toMatch(/^\$\([a-z-]+\)$/);
    // Read aloud in place of the icon: words, each with a capital, short enough for a menu.
    expect(titleOf(command)).toMatch(
      /^[A-Z][\w-]+( (?:[A-Z][\w-]*|a|and|as|by|from|in|of|on|the|to|with))*$/,
    );
    expect(titleOf(command).length).toBeLessThanOrEqual(36);
    expect(command.enablement).toMatch(/\S/);
    expect(command.enablement === 'true').toBe(alwaysPossible.includes(id));
    expect(registered.has(id)).toBe(true);
  },
);

test('no two commands have one title', () => {
  const titles = contributes.commands.map(titleOf);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('what is in menus, links and steps is there', () => {
  const named = [
    ...`${manifest}${JSON.stringify(texts)}`.matchAll(/(?:command:|onCommand:)(egressRouter\.\w+)/g),
  ];
  const inMenus = Object.values(contributes.menus).flatMap((entries) =>
    entries.map(({ command }) => command),
  );
  expect([...named.flatMap(([, id]) => id ?? []), ...inMenus].filter((id) => !ids.includes(id))).toEqual([]);
});

test('the palette offers nothing that cannot run where there is no cluster', () => {
  const palette = contributes.menus['commandPalette'] ?? [];
  const needsCluster = contributes.commands.filter(
    ({ enablement }) => enablement?.includes('isWeb') === true,
  );
  const limited = palette.filter(({ when }) => when !== undefined).map(({ command }) => command);
  expect(needsCluster.map(({ command }) => command).filter((id) => !limited.includes(id))).toEqual([]);
});

test('no text stands in package.json itself, where it could not be translated', () => {
  const { contributes: shown, capabilities }: { contributes: unknown; capabilities: unknown } =
    JSON.parse(manifest);
  const texts = [...textsIn(shown), ...textsIn(capabilities)];
  expect(texts.length).toBeGreaterThan(80);
  expect(texts.filter((text) => !/^%[^%]+%$/.test(text))).toEqual([]);
});

/** What the editor draws of a contribution, by the names of its fields. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const drawn = Array.isArray(inner) ? inner : [inner];
    return drawnFields.test(key)
      ? drawn.filter((text) => typeof text === 'string')
      : drawn.flatMap((one) => textsIn(one));
  });
}

const drawnFields =
  /^(?:title|shortTitle|label|name|category|contents|tooltip|altText|placeholder|\w*[dD]escriptions?|enumItemLabels|deprecationMessage)$/;

test('each text is there, and each is used', () => {
  const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
  expect(used.filter((key) => texts[key] === undefined)).toEqual([]);
  expect(Object.keys(texts).filter((key) => !used.includes(key))).toEqual([]);
});

test('each step of the walkthrough has a picture with a text, and an end', () => {
  const steps = contributes.walkthroughs.flatMap(({ steps: all }) => all);
  for (const { media, completionEvents } of steps) {
    expect(existsSync(path.join(root, media.svg))).toBe(true);
    expect(texts[media.altText.slice(1, -1)]).toMatch(/\.$/);
    expect(completionEvents).not.toEqual([]);
  }
});

test('no workspace chooses the cluster, the image that runs on its nodes, or what is protected', () => {
  const ofPerson = ['kubeconfig', 'agentImage', 'protectedContexts'].map((name) => `egressRouter.${name}`);
  const { properties } = contributes.configuration;
  // Neither kind can be set by a folder or its workspace.
  const scopes = ofPerson.map((name) => properties[name]?.scope);
  expect(scopes).toEqual(['machine', 'machine', 'application']);
  expect(capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted()).toEqual(ofPerson.toSorted());
});

test('each state without rows has a text of its own, with the next step', () => {
  const states = {
    noKubeconfig: 'startSandbox',
    noCrd: 'installAgent',
    forbidden: 'switchNamespace',
    empty: 'newRouter',
  } as const satisfies Record<Welcome, string>;
  const found = contributes.viewsWelcome.map(({ when, contents }) => {
    // A link that stands alone in its line is drawn as a button.
    const [, first = ''] = /^\[[^\]]+\]\(command:egressRouter\.(\w+)\)$/m.exec(textOf(contents)) ?? [];
    return [when.replace('egressRouter.state == ', ''), first];
  });
  expect(Object.fromEntries(found)).toEqual(states);
});
