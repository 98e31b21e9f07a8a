import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  refusedSpecs,
  type SpecCase,
  serviceOf,
  takenSpecs,
  untoldSpecs,
} from '../../core/test/service/service-cases.ts';
import { type ApiClient, openClient } from './api-client.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

// The sandbox's own server looks at few of these fields.
const onReal = test.skipIf(!availableTargets().includes('real'));
let real: { readonly target: Target; readonly client: ApiClient } | undefined;

beforeAll(async () => {
  if (!availableTargets().includes('real')) return;
  const target = await startTarget('real');
  real = { target, client: openClient(target.kubeconfig) };
});
afterAll(async () => real?.target.close());

onReal('a kube-apiserver takes and refuses the Services of which our checks say so', async () => {
  const refused = [...refusedSpecs.map(([fields]) => fields), ...untoldSpecs];
  const wrong = [
    ...(await judged(takenSpecs)).filter(({ code }) => code !== 201),
    ...(await judged(refused)).filter(({ code }) => code !== 400 && code !== 422),
  ];
  expect(wrong).toEqual([]);
});

async function judged(specs: readonly SpecCase[]): Promise<readonly { code: number; fields: SpecCase }[]> {
  const url = 'POST /api/v1/namespaces/default/services?dryRun=All&fieldValidation=Strict';
  const answers: { code: number; fields: SpecCase }[] = [];
  for (const fields of specs) {
    const code = (await real?.client.send(url, { body: serviceOf(fields) }))?.code ?? 0;
    answers.push({ code, fields });
  }
  return answers;
}
