// What a command works on that was started where no editor is in front, such as in the walkthrough.
import { beforeEach, expect, test, vi } from 'vitest';
import type { Desk } from '#client/commands/desk.ts';
import { findOpenText } from '#client/commands/open-routers.ts';

const { state, Tab } = vi.hoisted(() => {
  class TextTab {
    readonly uri: string;
    constructor(uri: string) {
      this.uri = uri;
    }
  }
  const workbench: Workbench = { front: undefined, tabs: [], texts: {} };
  return { state: workbench, Tab: TextTab };
});

interface Workbench {
  front: string | undefined;
  tabs: readonly unknown[];
  /** Which of them is seen. */
  active?: number;
  texts: Readonly<Record<string, string>>;
}

// The editor's windows and tabs; texts are named by words here.
vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  TabInputText: Tab,
  window: {
    get activeTextEditor() {
      return state.front === undefined ? undefined : { document: { uri: state.front } };
    },
    tabGroups: {
      get all() {
        return state.tabs.map((input, index) => ({ tabs: [{ input, isActive: index === state.active }] }));
      },
    },
  },
  workspace: {
    asRelativePath: (uri: string) => uri,
    getWorkspaceFolder: () => ({}),
    fs: { isWritableFileSystem: () => true },
    openTextDocument: async (uri: string) => {
      const text = state.texts[uri];
      if (text === undefined) throw new Error('It is gone.');
      return { uri, languageId: 'yaml', isUntitled: uri === 'sample', getText: () => text };
    },
  },
}));

const router = 'apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\n';
const welcome = { viewType: 'gettingStarted' };

beforeEach(() => {
  Object.assign(state, {
    front: undefined,
    tabs: [],
    active: undefined,
    texts: { router, second: router, sample: router, other: 'kind: Pod\n' },
  });
});

test.each<[string, Partial<Workbench>, string]>([
  ['the editor in front', { front: 'other', tabs: [new Tab('router')] }, 'other'],
  ['the router behind the welcome page', { tabs: [new Tab('router'), welcome] }, 'router'],
  ['the one text with a router', { tabs: [new Tab('other'), new Tab('router'), new Tab('gone')] }, 'router'],
  ['one that two tabs show', { tabs: [new Tab('router'), new Tab('router')] }, 'router'],
  ['the one chosen of several', { tabs: [new Tab('router'), new Tab('second')] }, 'second'],
])('%s', async (_, workbench, uri) => {
  Object.assign(state, workbench);
  expect(await findOpenText(desk('second'))).toBe(uri);
});

test('nothing, where none is chosen of several', async () => {
  Object.assign(state, { tabs: [new Tab('router'), new Tab('second')] });
  expect(await findOpenText(desk(undefined))).toBeUndefined();
});

test('what has just been begun is offered first, then what is seen', async () => {
  const tabs = ['router', 'second', 'sample', 'other'].map((name) => new Tab(name));
  Object.assign(state, { tabs, active: 1 });
  const offered: string[] = [];
  const pick = async (_: string, items: readonly { label: string }[]): Promise<undefined> => {
    offered.push(...items.map(({ label }) => label));
  };
  await findOpenText({ dialogs: { pick } } as unknown as Pick<Desk, 'dialogs'>);
  expect(offered).toEqual(['sample', 'second', 'router']);
});

test('where no tab has a router it is said what to open', async () => {
  Object.assign(state, { tabs: [welcome, new Tab('other')] });
  await expect(findOpenText(desk('router'))).rejects.toThrow(
    'No editor is open. Open a YAML file with an EgressRouter first.',
  );
});

function desk(chosen: string | undefined): Pick<Desk, 'dialogs'> {
  const pick = async (_: string, items: readonly { label: string }[]) =>
    items.find(({ label }) => label === chosen);
  return { dialogs: { pick } } as unknown as Pick<Desk, 'dialogs'>;
}
