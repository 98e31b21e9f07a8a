import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type {
  AnnotatedTextEdit,
  ChangeAnnotation,
  CodeAction,
  CodeLens,
  DocumentSymbol,
  Hover,
  PublishDiagnosticsParams,
  TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MigrationResult } from '#core/protocol.ts';
import { podWithAddress, rulesMap, rulesVariable } from '../../language/test/legacy-manifests.ts';
import { ServerProcess } from './server-process.ts';

const uri = 'file:///project/manifests.yaml';
const pod = readFileSync(new URL('../../samples/legacy/egress-router-pod.yaml', import.meta.url), 'utf8');
const nad = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
spec:
  config: |
    {
      "cniVersion": "0.4.0",
      "type": "egress-router",
      "name": "egress-router-cni-nad",
      "ip": {
        "addresses": ["192.168.12.99/24"],
        "destinations": ["8080 TCP 203.0.113.25 80"],
        "gateway": "192.168.13.1"
      }
    }
`;
const capabilities = {
  textDocument: {
    codeAction: {
      disabledSupport: true,
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor'] } },
    },
    completion: { completionItem: { snippetSupport: true } },
    hover: { contentFormat: ['markdown'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: {},
  },
};

async function opened(
  text: string,
  options: object = {},
  workspaceEdit: object = {},
): Promise<{ server: ServerProcess; document: TextDocument }> {
  const server = ServerProcess.overStdio();
  await server.initialize(options, { ...capabilities, workspace: { workspaceEdit } });
  await server.open(uri, text);
  return { server, document: TextDocument.create(uri, 'yaml', 1, text) };
}

interface AnnotatedAction {
  readonly edit: {
    readonly documentChanges: readonly { readonly edits: AnnotatedTextEdit[] }[];
    readonly changeAnnotations: Readonly<Record<string, ChangeAnnotation>>;
  };
}

function at(document: TextDocument, word: string): object {
  return { textDocument: { uri }, position: document.positionAt(document.getText().indexOf(word) + 1) };
}

function rangeAt(document: TextDocument, word: string): object {
  const position = document.positionAt(document.getText().indexOf(word));
  return { textDocument: { uri }, range: { start: position, end: position } };
}

function marked(document: TextDocument, { diagnostics }: PublishDiagnosticsParams): readonly string[] {
  return diagnostics.map(({ code, range }) => `${code}: ${document.getText(range)}`);
}

function editsOf(action: CodeAction | undefined): TextEdit[] {
  return action?.edit?.changes?.[uri] ?? [];
}

test('the JSON in a NAD is checked, mended, completed and explained at its place', async () => {
  const { server, document } = await opened(nad);
  await using _ = server;
  expect(marked(document, await server.diagnosticsOf(uri))).toEqual([
    'netconf-gateway-outside-subnet: "192.168.13.1"',
  ]);
  const actions = await server.request<CodeAction[]>('textDocument/codeAction', {
    ...rangeAt(document, '192.168.13.1'),
    context: { diagnostics: [] },
  });
  expect(TextDocument.applyEdits(document, editsOf(actions[0]))).toBe(
    nad.replace('192.168.13.1', '192.168.12.1'),
  );
  const hover = await server.request<Hover>('textDocument/hover', at(document, '8080 TCP'));
  expect(JSON.stringify(hover.contents)).toContain('**203.0.113.25:80**, seen as **192.168.12.99**');
  const items = await server.completions(at(document, '192.168.13.1'));
  expect(items.map(({ label }) => label)).toContain('192.168.12.1');
});

test('a router of OpenShift SDN is checked by the line, explained and outlined', async () => {
  const { server, document } = await opened(pod.replace('8053 udp', '8053 UDP'));
  await using _ = server;
  expect(marked(document, await server.diagnosticsOf(uri))).toContain('legacy-destination-invalid: UDP');
  const hover = await server.request<Hover>('textDocument/hover', at(document, '8080 tcp'));
  expect(JSON.stringify(hover.contents)).toContain('router:8080/TCP → **203.0.113.25:80**');
  const symbols = await server.request<DocumentSymbol[]>('textDocument/documentSymbol', {
    textDocument: { uri },
  });
  expect(symbols.map(({ name }) => name)).toContain('egress-partner');
});

test('a router of OpenShift SDN is migrated by a code action, or shown first', async () => {
  const { server, document } = await opened(pod);
  await using _ = server;
  const params = rangeAt(document, 'EGRESS_SOURCE');
  const kind = 'refactor.rewrite.egressRouter.migrate';
  const actions = await server.request<CodeAction[]>('textDocument/codeAction', {
    ...params,
    context: { diagnostics: [], only: [kind] },
  });
  expect(actions.map(({ title, kind: own }) => [title, own])).toEqual([['Migrate to an EgressRouter', kind]]);
  const result = await server.request<MigrationResult>('egressRouter/migration', params);
  if (result.kind !== 'migrated') throw new Error(result.reason);
  expect(TextDocument.applyEdits(document, editsOf(actions[0]))).toBe(result.text);
  expect(result.text).toMatch(/kind: EgressRouter\n[^]*\n---\n[^]*app: egress-router-cni\n/);
  expect(result.losses.length).toBeGreaterThan(0);
});

test('a client that shows migrations is given the command for it, of the router that was meant', async () => {
  const { server, document } = await opened(pod, { migration: true });
  await using _ = server;
  const [action] = await server.request<CodeAction[]>('textDocument/codeAction', {
    ...rangeAt(document, 'EGRESS_SOURCE'),
    context: { diagnostics: [], only: ['refactor.rewrite'] },
  });
  expect(action?.edit).toBeUndefined();
  expect(action?.command?.command).toBe('egressRouter.migrate');
  const [params] = action?.command?.arguments ?? [];
  const result = await server.request<MigrationResult>('egressRouter/migration', params);
  expect(result).toMatchObject({ kind: 'migrated', origin: 'Pod "egress-partner" in namespace "demo"' });
});

test('above a router of OpenShift SDN a lens migrates it, for clients that show migrations', async () => {
  const { server, document } = await opened(`a: 1\n---\n${pod}`, { migration: true });
  await using _ = server;
  const lenses = await server.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  expect(lenses.map(({ command, range }) => [command?.title, document.getText(range)])).toEqual([
    ['Migrate', 'apiVersion'],
  ]);
  const [params] = lenses[0]?.command?.arguments ?? [];
  const result = await server.request<MigrationResult>('egressRouter/migration', params);
  expect(result).toMatchObject({ kind: 'migrated', origin: 'Pod "egress-partner" in namespace "demo"' });
});

test('a client that asks before an edit is told what is lost', async () => {
  const { server, document } = await opened(pod, {}, { documentChanges: true, changeAnnotationSupport: {} });
  await using _ = server;
  const params = rangeAt(document, 'EGRESS_SOURCE');
  const [action] = await server.request<AnnotatedAction[]>('textDocument/codeAction', {
    ...params,
    context: { diagnostics: [], only: ['refactor.rewrite'] },
  });
  const result = await server.request<MigrationResult>('egressRouter/migration', params);
  if (result.kind !== 'migrated' || action === undefined) throw new Error('There is no migration.');
  const { documentChanges, changeAnnotations } = action.edit;
  const [id] = Object.keys(changeAnnotations);
  const [annotation] = Object.values(changeAnnotations);
  expect(annotation).toMatchObject({
    label: `${result.origin} as an EgressRouter`,
    needsConfirmation: true,
  });
  for (const loss of result.losses) expect(annotation?.description).toContain(`Lost: ${loss}`);
  const edits = documentChanges.flatMap((one) => one.edits);
  expect(edits.filter(({ annotationId }) => annotationId !== id)).toEqual([]);
  expect(TextDocument.applyEdits(document, edits)).toBe(result.text);
});

test('what cannot be migrated is refused with the reason', async () => {
  const { server, document } = await opened(pod.replace('origin-egress-router', 'origin-egress-http-proxy'));
  await using _ = server;
  const params = rangeAt(document, 'EGRESS_SOURCE');
  const actions = await server.request<CodeAction[]>('textDocument/codeAction', {
    ...params,
    context: { diagnostics: [], only: ['refactor'] },
  });
  expect(actions.map(({ disabled }) => disabled?.reason)).toEqual([
    expect.stringContaining('An HTTP proxy takes the server from each request'),
  ]);
  const result = await server.request<MigrationResult>('egressRouter/migration', params);
  expect(result.kind).toBe('refused');
});

const fed = `${podWithAddress}${rulesVariable}`;
const rules = `${rulesMap}    `;

test('in a router of OpenShift SDN its environment is completed', async () => {
  const { server, document } = await opened(`${fed}        - name: \n`);
  await using _ = server;
  const position = document.positionAt(document.getText().length - 1);
  const items = await server.completions({ textDocument: { uri }, position });
  expect(items.map(({ label }) => label)).toEqual(['EGRESS_GATEWAY', 'EGRESS_ROUTER_MODE']);
});

test('the lines of a ConfigMap are completed, and told of, by the router of another file', async () => {
  const { server, document } = await opened(rules);
  await using _ = server;
  await server.open('file:///project/pod.yaml', fed);
  const position = document.positionAt(document.getText().length);
  const items = await server.completions({ textDocument: { uri }, position });
  expect(items.slice(0, 2).map(({ label }) => label)).toEqual(['8081 tcp 203.0.113.25 80', '8081']);
  const hover = await server.request<Hover>('textDocument/hover', at(document, 'tcp'));
  expect(JSON.stringify(hover.contents)).toContain(
    'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
  );
});
