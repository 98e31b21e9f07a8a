import { expect, test } from 'vitest';
import type { CodeAction, Position } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  bomb,
  head,
  indented,
  lines,
  nadHead,
  netConf,
  networkOf,
  quotedRule,
  router,
  routerItem,
  ruleOf,
} from '../../language/test/hostile-parts.ts';
import { ServerProcess } from './server-process.ts';

const legacyPod = (name: string, destination: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, annotations: {pod.network.openshift.io/assign-macvlan: "true"}}
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift3/ose-egress-router
      securityContext: {privileged: true}
      env:
        - {name: EGRESS_SOURCE, value: 192.168.12.99}
        - {name: EGRESS_GATEWAY, value: 192.168.12.1}
        - {name: EGRESS_DESTINATION, ${destination}}
        - {name: EGRESS_ROUTER_MODE, value: init}
`;
const fromConfigMap = 'valueFrom: {configMapKeyRef: {name: c, key: destinations}}';
/**
 * Texts that nobody writes and a disk may hold, each with everything that an editor asks of it. Sizes are such that a
 * time that grows with their square is one of minutes: the time of a test is the bound. The work for the like of them
 * is counted in `language/test/hostile-growth.test.ts`.
 */
const texts: readonly (readonly [title: string, text: string])[] = [
  ['40,000 unknown keys', `${head}spec:\n${lines(40_000, (index) => `  k${index}: 1\n`)}`],
  ['the same with a fault', `${head}spec:\n${lines(40_000, (index) => `  k${index}: 1\n`)}  a: [\n`],
  ['20,000 equal rules', router + lines(20_000, () => ruleOf(8080, 'TCP'))],
  ['12,000 rules in lower case', router + lines(12_000, (index) => ruleOf(index + 1, 'tcp'))],
  ['30,000 networks', `${head}spec:\n  addresses:\n${lines(30_000, networkOf)}`],
  ['a bomb of aliases', `${head}a: &a [x,x,x,x,x,x,x,x,x]\n${bomb()}spec: *i\n`],
  ['a line of 1 MB', `${head}spec: ${'word '.repeat(200_000)}\n`],
  ['1 MB of blanks before a word', `${head}${' '.repeat(1_000_000)}x\n`],
  ['1 MB of blanks behind a key', `${head}spec:${' '.repeat(1_000_000)}\n  mode: Redirect\n`],
  ['a key of 1 MB', `${head}${'k'.repeat(1_000_000)}: 1\n`],
  ['100,000 colons on a line', `${head}spec: ${'a: '.repeat(100_000)}\n`],
  ['100,000 brackets', `${head}spec: ${'['.repeat(100_000)}\n`],
  ['a flow as deep as is read', `${head}spec: ${'{a: '.repeat(90)}1${'}'.repeat(90)}\n`],
  ['a block 1,500 levels deep', `${head}spec:\n${lines(1500, (index) => `${' '.repeat(index + 1)}a:\n`)}`],
  ['20,000 dashes on a line', `${head}spec:\n  ${'- '.repeat(20_000)}x\n`],
  ['300,000 tabs', `${head}spec:\n${'\t'.repeat(300_000)}x: 1\n`],
  ['50,000 tabs below a line of 1 MB', `${head}# ${'word '.repeat(200_000)}\n${'\t\n'.repeat(50_000)}`],
  ['300,000 blank lines', `${head}${'\n'.repeat(300_000)}`],
  ['200,000 comments', `${head}${'# x\n'.repeat(200_000)}spec:\n  mode: Redirect\n`],
  ['20,000 templates', `${head}spec:\n${lines(20_000, (index) => `  k${index}: {{ .v }}\n`)}`],
  ['20,000 destinations in a string', `${nadHead}  config: '${netConf(lines(20_000, quotedRule))}"1"'\n`],
  ['a List of 1,000 routers', `apiVersion: v1\nkind: List\nitems:\n${lines(1000, routerItem)}`],
  ['a Template of 500 old routers', templateOf(500)],
  ['an old router of 20,000 rules', `${configMap()}---\n${legacyPod('p', fromConfigMap)}`],
  ['lines of Windows', router.replaceAll('\n', '\r\n')],
  ['lines of old systems', router.replaceAll('\n', '\r')],
  ['a byte order mark', `\uFEFF${router}`],
  ['tabs for blanks', router.replaceAll('  ', '\t')],
  ['halves of characters', router.replace('192.168.12.99', '\uD83D').replace('partner-api', '\uDE00x')],
  ['a null character', router.replace('TCP', '\u0000')],
];

function templateOf(count: number): string {
  const pods = lines(count, (index) => `  - ${indented(legacyPod(`p${index}`, 'value: 203.0.113.25'))}\n`);
  const parameters = lines(3000, (index) => `  - {name: P${index}, value: x}\n`);
  return `apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nparameters:\n${parameters}objects:\n${pods}`;
}

function configMap(): string {
  const rules = lines(20_000, (index) => `    ${index + 1} tcp 203.0.113.25\n`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  destinations: |\n${rules}`;
}

const uri = 'file:///project/hostile.yaml';
const capabilities = {
  textDocument: {
    codeAction: {
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
    rename: { prepareSupport: true },
  },
};

test.for(texts)('everything is answered for %s', { timeout: 240_000 }, async ([, text]) => {
  await using server = ServerProcess.overStdio();
  await server.initialize({ commands: true, migration: true }, capabilities);
  await server.open(uri, text);
  const document = TextDocument.create(uri, 'yaml', 1, text);
  const ask = <T>(method: string, params: object = {}): Promise<T> =>
    server.request<T>(`textDocument/${method}`, { textDocument: { uri }, ...params });
  const actionsAt = (start: Position, end: Position): Promise<CodeAction[]> =>
    ask('codeAction', { range: { start, end }, context: { diagnostics: [] } });
  const whole = { start: document.positionAt(0), end: document.positionAt(text.length) };
  for (const method of ['foldingRange', 'documentSymbol', 'codeLens', 'documentLink']) await ask(method);
  await ask('inlayHint', { range: whole });
  await ask('formatting', { options: { tabSize: 2, insertSpaces: true } });
  const actions = await actionsAt(whole.start, whole.end);
  const [fix] = actions.filter(({ kind, data }) => kind === 'quickfix' && data !== undefined);
  const all = actions.filter(({ title }) => title.startsWith('Fix all safe'));
  for (const action of [...(fix === undefined ? [] : [fix]), ...all])
    expect(await server.request<CodeAction>('codeAction/resolve', action)).toHaveProperty('edit');
  for (const offset of [text.indexOf('name: ') + 8, text.length >> 1, text.length - 1, text.length]) {
    const position = document.positionAt(offset);
    for (const method of ['hover', 'completion', 'definition', 'documentHighlight', 'prepareRename'])
      await ask(method, { position });
    await ask('references', { position, context: { includeDeclaration: true } });
    await ask('selectionRange', { positions: [position] });
    await actionsAt(position, position);
    // Refused where there is no name, or where it cannot be changed.
    await ask('rename', { position, newName: 'other' }).catch(() => undefined);
  }
  await server.change(uri, 2, [{ range: { start: whole.end, end: whole.end }, text: '\n  x' }]);
  await ask('completion', { position: { line: whole.end.line + 1, character: 3 } });
  expect(server.log).toEqual([]);
});
