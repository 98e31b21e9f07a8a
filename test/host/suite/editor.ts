// What the suites of this folder share: the extension under test, and texts with a cursor in them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  commands,
  extensions,
  type Position,
  Selection,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { TestApi } from '#client/extension.ts';

export async function activateExtension(): Promise<TestApi> {
  const extension = extensions.getExtension<TestApi | undefined>('egress-router-tools.egress-router-tools');
  assert.ok(extension, 'VS Code does not know the extension');
  const api = await extension.activate();
  assert.ok(api, 'The extension gives tests nothing: it does not run in test mode');
  return api;
}

/**
 * Opens an unsaved text in an editor, the only one; `|` is where the cursor goes, and no part of the text. Texts
 * before it are closed: the routers in them would be neighbors of this one.
 */
export async function openText(
  marked: string,
  language = 'yaml',
): Promise<{ editor: TextEditor; cursor: Position }> {
  await closeEditors();
  const at = marked.indexOf('|');
  const content = at < 0 ? marked : marked.slice(0, at) + marked.slice(at + 1);
  // By a new name each time: VS Code gives a text that is opened by the name of a closed one what that one held.
  const path = `${randomUUID()}.${language}`;
  const document = await workspace.openTextDocument(Uri.from({ scheme: 'untitled', path }));
  const editor = await window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(document.positionAt(0), content));
  const cursor = document.positionAt(Math.max(at, 0));
  editor.selection = new Selection(cursor, cursor);
  return { editor, cursor };
}

/** Without a question whether to save. */
export async function closeEditors(): Promise<void> {
  while (window.tabGroups.activeTabGroup.activeTab !== undefined) {
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await until('end of the texts', () =>
    workspace.textDocuments.some(({ uri }) => uri.scheme === 'untitled') ? undefined : true,
  );
}

/** Asks again until there is an answer; `what` says in the failure what never came. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`In ${timeoutMs / 1000} seconds: no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const routerYaml = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
  namespace: demo
spec:
  networkInterface:
    macvlan:
      mode: Bridge
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  mode: Redirect
  redirect:
    redirectRules:
      - destinationIP: 203.0.113.25
        port: 8080
        protocol: TCP
        targetPort: 80
`;
