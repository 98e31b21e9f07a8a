// Between the language server and VS Code: what a person reads of an answer is translated, and nothing else of it.
import { expect, test, vi } from 'vitest';
import { MarkdownString, SymbolInformation } from 'vscode';
import type { Middleware } from 'vscode-languageclient';
import { showTold, toldAnswers, toldCompletions } from '#client/told-answers.ts';

const shown = vi.hoisted((): string[] => []);

vi.mock('vscode', async () => {
  const { pseudoL10n } = await import('./pseudo-bundle.ts');
  const { MarkdownString, SymbolInformation } = await import('./vscode.ts');
  const show = (kind: string) => (message: string) => void shown.push(`${kind}: ${message}`);
  return {
    l10n: pseudoL10n(),
    MarkdownString,
    SymbolInformation,
    window: {
      showErrorMessage: show('error'),
      showWarningMessage: show('warning'),
      showInformationMessage: show('information'),
    },
  };
});
vi.mock('vscode-languageclient', () => ({
  MessageType: { Error: 1, Warning: 2, Info: 3 },
  ShowMessageNotification: { type: 'window/showMessage' },
}));

/** Has the middleware pass on what the server is said to answer. */
async function answered(kind: keyof Middleware, answer: unknown): Promise<unknown> {
  const provide: unknown = Reflect.get(toldAnswers(), kind);
  if (typeof provide !== 'function') throw new Error(`Nothing stands in between for ${kind}.`);
  const rest = Array.from({ length: provide.length - 1 });
  return provide(...rest, async () => answer);
}

test.each<[keyof Middleware, unknown, unknown]>([
  [
    'provideCodeLenses',
    [{ command: { title: 'Deploy', command: 'x' } }, { command: undefined }],
    [{ command: { title: '⟦Deploy⟧', command: 'x' } }, { command: undefined }],
  ],
  [
    'provideCodeActions',
    [
      { title: 'Use 192.168.12.1, the first host of the subnet' },
      { title: 'Migrate to an EgressRouter', disabled: { reason: 'All values are strings.' } },
    ],
    [
      { title: '⟦Use 192.168.12.1, the first host of the subnet⟧' },
      { title: '⟦Migrate to an EgressRouter⟧', disabled: { reason: '⟦All values are strings.⟧' } },
    ],
  ],
  [
    'provideDocumentLinks',
    [{ tooltip: 'Open the ConfigMap' }, {}],
    [{ tooltip: '⟦Open the ConfigMap⟧' }, {}],
  ],
  [
    'provideInlayHints',
    [
      { label: 'seen as 10.0.0.1', tooltip: 'The first IPv4 address of the router.' },
      { label: [{ value: ':80' }] },
    ],
    [
      { label: '⟦seen as 10.0.0.1⟧', tooltip: '⟦The first IPv4 address of the router.⟧' },
      { label: [{ value: ':80' }] },
    ],
  ],
  [
    'provideDocumentSymbols',
    [
      {
        name: 'text',
        detail: 'router of OpenShift SDN · web',
        children: [{ name: 'other ports → 10.0.0.2', detail: 'via 10.0.0.3', children: [] }],
      },
    ],
    [
      {
        name: 'text',
        detail: '⟦router of OpenShift SDN⟧ · web',
        children: [{ name: '⟦other ports → 10.0.0.2⟧', detail: '⟦via 10.0.0.3⟧', children: [] }],
      },
    ],
  ],
  ['provideCodeLenses', null, null],
  ['provideHover', null, null],
  ['provideCompletionItem', undefined, undefined],
])('%s', async (kind, answer, wanted) => expect(await answered(kind, answer)).toEqual(wanted));

test('an outline without branches is left as it is', async () => {
  const flat = Reflect.construct(SymbolInformation, []);
  expect(await answered('provideDocumentSymbols', [flat])).toEqual([flat]);
});

test('a hover, of which code, names and links stay', async () => {
  const markdown = [
    '- client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
    '- and 2 more',
    '',
    '**gateway** · text · required · default `Bridge`',
    '',
    'See [the page](https://okd.example/Deploy). Whether the condition holds.',
    '```yaml',
    'Deploy: Whether the condition holds.',
    '```',
  ].join('\n');
  expect(await answered('provideHover', { contents: [new MarkdownString(markdown), 'Deploy'] })).toEqual({
    contents: [
      new MarkdownString(
        [
          '- ⟦client → router:8080/TCP → **203.0.113.25:80**⟦, seen as **192.168.12.99**⟧⟧',
          '- ⟦and 2 more⟧',
          '',
          '**gateway** · ⟦text⟧ · ⟦required⟧ · ⟦default `Bridge`⟧',
          '',
          'See [the page](https://okd.example/Deploy). ⟦Whether the condition holds.⟧',
          '```yaml',
          'Deploy: Whether the condition holds.',
          '```',
        ].join('\n'),
      ),
      'Deploy',
    ],
  });
});

test('completions, whose labels stay', () => {
  const items = [
    { label: 'text', documentation: 'The default.' },
    {
      label: { label: 'egress-router-dual-stack', description: 'EgressRouter for IPv4 and IPv6' },
      detail: 'EgressRouter for IPv4 and IPv6',
      documentation: new MarkdownString('**mode** · text\n\nHow much is logged.'),
    },
  ];
  expect(toldCompletions({ items }).items).toEqual([
    { label: 'text', documentation: '⟦The default.⟧' },
    {
      label: { label: 'egress-router-dual-stack', description: '⟦EgressRouter for IPv4 and IPv6⟧' },
      detail: '⟦EgressRouter for IPv4 and IPv6⟧',
      documentation: new MarkdownString('**mode** · ⟦text⟧\n\n⟦How much is logged.⟧'),
    },
  ]);
});

test('why something is not renamed', async () => {
  const renaming = (message: string) =>
    answered('provideRenameEdits', Promise.reject(new Error(message))).catch((error: unknown) =>
      String(error),
    );
  expect(await renaming('There is a router named a already: choose another name.')).toBe(
    'Error: ⟦There is a router named a already: choose another name.⟧',
  );
  expect(await renaming('cannot rename')).toBe('Error: cannot rename');
  expect(await answered('provideRenameEdits', 'the edits')).toBe('the edits');
});

test('notifications of the server', () => {
  const handlers: ((params: { type: number; message: string }) => void)[] = [];
  showTold({
    onNotification: (_type: unknown, handler: (typeof handlers)[number]) => {
      handlers.push(handler);
      return { dispose: () => undefined };
    },
  });
  for (const type of [1, 2, 3]) handlers[0]?.({ type, message: 'No address was found for a.example.' });
  expect(shown).toEqual(
    ['error', 'warning', 'information'].map((kind) => `${kind}: ⟦No address was found for a.example.⟧`),
  );
});
