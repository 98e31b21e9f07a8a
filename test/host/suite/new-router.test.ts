// New Router as a person answers it; Restart, Install Agent and the like stand with the other commands.
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import { commands, DiagnosticSeverity, languages, window, workspace } from 'vscode';
import type { TestApi } from '#client/extension.ts';
import type { Answer, StepProblem } from '#client/steps.ts';
import { answerWith } from './answers.ts';
import { activateExtension, closeEditors, until } from './editor.ts';

interface Asked {
  readonly title: string;
  /** What stood there. */
  readonly value: string;
  readonly problem?: StepProblem | undefined;
}

suite('New Router', function () {
  this.timeout(60_000);
  let api: TestApi;
  /** What VS Code draws, before a test replaces it. */
  let real: TestApi['dialogs'];

  suiteSetup(async () => {
    api = await activateExtension();
    real = { ...api.dialogs };
  });

  test('asks field by field, and writes a manifest without a finding', async () => {
    await closeEditors();
    const told = answerWith(api, {});
    const { asked } = answerSteps(api, answers);
    await commands.executeCommand('egressRouter.newRouter');
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'untitled');
    assert.equal(editor?.document.getText(), manifest);
    assert.deepEqual(
      asked.map(({ title }) => title.replace('New Egress Router: ', '')),
      [...answers.keys()],
    );
    assert.equal(asked.find(({ title }) => title.endsWith('Gateway'))?.value, '192.168.12.1');
    assert.ok(asked.every(({ problem }) => problem?.severity !== 'error'));
    await until('offer to deploy', () =>
      told.some(({ text }) => text.startsWith('partner is written')) ? true : undefined,
    );
    await until('document without an error', () =>
      languages
        .getDiagnostics(editor.document.uri)
        .some(({ severity }) => severity === DiagnosticSeverity.Error)
        ? undefined
        : true,
    );
  });

  test('what is wrong with an answer is told as it is typed', async () => {
    await closeEditors();
    answerWith(api, {});
    const wrong = new Map([...answers, ['Gateway', '10.0.0.1']]);
    const { asked } = answerSteps(api, wrong);
    await commands.executeCommand('egressRouter.newRouter');
    const { problem } = asked.find(({ title }) => title.endsWith('Gateway')) ?? {};
    assert.equal(problem?.severity, 'error');
    assert.match(problem?.message ?? '', /10\.0\.0\.1 is outside/);
  });

  test('goes back to the answer before, which is still there', async () => {
    await closeEditors();
    answerWith(api, {});
    const { asked } = answerSteps(api, answers, new Set(['Gateway']));
    await commands.executeCommand('egressRouter.newRouter');
    const addresses = asked.filter(({ title }) => title.endsWith('Reserved address'));
    assert.deepEqual(
      addresses.map(({ value }) => value === '192.168.12.77/24'),
      [false, true],
    );
    assert.equal(window.activeTextEditor?.document.getText(), manifest);
  });

  test('ends without a text where it is closed', async () => {
    await closeEditors();
    const before = workspace.textDocuments.length;
    Object.assign(api.dialogs, real);
    const running = commands.executeCommand('egressRouter.newRouter');
    const timer = setInterval(() => void commands.executeCommand('workbench.action.closeQuickOpen'), 200);
    await running;
    clearInterval(timer);
    assert.equal(workspace.textDocuments.length, before);
  });
});

/** In the order in which they are asked for. */
const answers: ReadonlyMap<string, string> = new Map([
  ['Name', 'partner'],
  ['Namespace', 'demo'],
  ['Reserved address', '192.168.12.77/24'],
  ['Gateway', '192.168.12.1'],
  ['What it redirects', 'Ports, each to its server'],
  ['Port of rule 1', '8080'],
  ['Protocol of rule 1', 'TCP'],
  ['Server of rule 1', '203.0.113.25'],
  ['Port of the server of rule 1', '80'],
  ['One rule so far', 'Done'],
  ['where to', 'New untitled file'],
]);

const manifest = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner
  namespace: demo
spec:
  mode: Redirect
  networkInterface:
    macvlan:
      mode: Bridge
  addresses:
    - ip: 192.168.12.77/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
`;

/** @param backFrom titles of steps that are gone back from once */
function answerSteps(
  api: TestApi,
  texts: ReadonlyMap<string, string>,
  backFrom: ReadonlySet<string> = new Set(),
): { readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  const back = new Set(backFrom);
  const answerTo = (title: string): Answer => {
    const key = title.replace('New Egress Router: ', '');
    if (back.delete(key)) return { kind: 'back' };
    const text = texts.get(key);
    return text === undefined ? { kind: 'closed' } : { kind: 'value', text };
  };
  Object.assign(api.dialogs, {
    ask: async ({ title, value, check }) => {
      const answer = answerTo(title);
      const problem = answer.kind === 'value' ? await check(answer.text) : undefined;
      asked.push({ title, value, problem });
      return answer;
    },
    choose: async ({ title, value }) => {
      asked.push({ title, value: value ?? '' });
      return answerTo(title);
    },
  } satisfies Partial<TestApi['dialogs']>);
  return { asked };
}
