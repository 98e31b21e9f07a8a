import { Uri, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { Answer } from '#client/steps.ts';
import { told } from '#client/told.ts';
import { type RouterDraft, toManifest } from '#core/egress-router/draft.ts';
import type { Desk } from './desk.ts';
import { nextStep, type Step, startOf, withAnswer } from './new-router-steps.ts';

/** What asking for a new router needs: it works without a cluster. */
export type NewRouterDesk = Pick<Desk, 'language' | 'dialogs' | 'log' | 'run'>;

/**
 * Asks for a router field by field and writes its manifest. Each answer is checked as it is typed, and can be gone
 * back to; nothing is written before the last one.
 *
 * @param deploy offered at the end; absent where there is no cluster to deploy to
 */
export async function newRouter(
  desk: NewRouterDesk,
  namespace: string | undefined,
  deploy?: (uri: Uri) => Promise<void>,
): Promise<void> {
  const draft = await askAll(desk, namespace);
  if (draft === undefined) return;
  const text = await desk.language.toYaml(toManifest(draft));
  const uri = await write(desk, draft, text);
  if (uri === undefined) return;
  desk.log.info(`New router: ${draft.name} is written to ${uri.toString(true)}`);
  if (deploy === undefined) return;
  const name = draft.name ?? t`The router`;
  void desk.run(t`Deploy`, async () => {
    const answer = await desk.dialogs.tell('information', t`${name} is written. Nothing is deployed yet.`, [
      t`Deploy`,
    ]);
    if (answer === t`Deploy`) await deploy(uri);
  });
}

interface Asked {
  readonly step: Step;
  /** Before this step was answered. */
  readonly draft: RouterDraft;
}

async function askAll(desk: NewRouterDesk, namespace: string | undefined): Promise<RouterDraft | undefined> {
  let asked: readonly Asked[] = [];
  /** What was typed at each step, to be there again for who comes back to it. */
  const typed = new Map<string, string>();
  let step: Step | undefined = startOf();
  let draft: RouterDraft = { rules: [] };
  if (namespace !== undefined) typed.set('namespace', namespace);
  while (step !== undefined) {
    const answer = await ask(desk, step, draft, typed.get(step.key), asked.length + 1);
    if (answer.kind === 'closed') return undefined;
    if (answer.kind === 'back') {
      const last = asked.at(-1);
      if (last === undefined) continue;
      ({ step, draft } = last);
      asked = asked.slice(0, -1);
      continue;
    }
    const text = answer.text.trim();
    typed.set(step.key, text);
    asked = [...asked, { step, draft }];
    draft = withAnswer(draft, step, text);
    step = nextStep(draft, step, text);
  }
  return draft;
}

/** Most routers are told in so many steps. */
const usualSteps = 9;

async function ask(
  { dialogs, language }: NewRouterDesk,
  step: Step,
  draft: RouterDraft,
  typed: string | undefined,
  count: number,
): Promise<Answer> {
  const place = {
    title: t`New Egress Router: ${step.title}`,
    step: count,
    steps: Math.max(usualSteps, count),
    canGoBack: count > 1,
  };
  if (step.kind === 'choice') return dialogs.choose({ ...place, choices: step.choices, value: typed });
  const { path, isOptional, prompt } = step;
  const { offers } = await language.draft(path, toManifest(withAnswer(draft, step, '')));
  const free = offers.filter(({ isExample }) => !isExample);
  const example = (offers[0] ?? { text: step.example }).text;
  let value = typed ?? (step.isOffered ? (free[0]?.text ?? '') : '');
  for (;;) {
    const answer = await dialogs.ask({
      ...place,
      prompt,
      placeholder: t`such as ${example}`,
      value,
      offers: free.map(({ text, note }) => ({ text, note: told(note) })),
      check: (text) => {
        if (text.trim() === '') {
          return isOptional
            ? undefined
            : { severity: 'error', message: t`${step.title} is needed, such as ${example}.` };
        }
        const wrong = step.wrong?.(text.trim());
        if (wrong !== undefined) return { severity: 'error', message: wrong };
        return help(language, step, draft, text.trim());
      },
    });
    if (answer.kind !== 'value' || answer.text.trim() === '') return answer;
    const problem = await help(language, step, draft, answer.text.trim());
    if (problem?.isTaken !== true) return answer;
    const kept = await dialogs.choose({ ...place, canGoBack: true, choices: ofTaken(told(problem.message)) });
    if (kept.kind === 'closed') return kept;
    if (kept.kind === 'value' && kept.text === useAnyway) return answer;
    value = answer.text;
  }
}

const useAnyway = t`Use It Anyway`;

/** Enter, pressed once more than was meant, must not reserve an address for two. */
function ofTaken(problem: string): readonly { readonly text: string; readonly note: string }[] {
  return [
    { text: t`Another Address`, note: problem },
    { text: useAnyway, note: t`Two with one address take each other's connections.` },
  ];
}

/** The server alone knows the other files, and the cluster. */
async function help(
  language: NewRouterDesk['language'],
  step: Extract<Step, { readonly kind: 'text' }>,
  draft: RouterDraft,
  text: string,
) {
  return (await language.draft(step.path, toManifest(withAnswer(draft, step, text)))).problem;
}

async function write(desk: NewRouterDesk, draft: RouterDraft, text: string): Promise<Uri | undefined> {
  const untitled = t`New untitled file`;
  const answer = await desk.dialogs.choose({
    title: t`New Egress Router: where to`,
    canGoBack: false,
    choices: [
      { text: untitled, note: t`Opened, not saved.` },
      { text: t`A file…`, note: t`Such as ${draft.name ?? 'router'}.yaml.` },
    ],
  });
  if (answer.kind !== 'value') return undefined;
  if (answer.text === untitled) {
    const document = await workspace.openTextDocument({ language: 'yaml', content: text });
    await window.showTextDocument(document);
    return document.uri;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const proposed = folder && Uri.joinPath(folder, `${draft.name ?? 'router'}.yaml`);
  const uri = await desk.dialogs.saveTo(proposed);
  if (uri === undefined) return undefined;
  try {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(t`${uri.fsPath} cannot be written: ${why}`);
  }
  await window.showTextDocument(await workspace.openTextDocument(uri));
  return uri;
}
