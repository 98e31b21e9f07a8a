import type { Fix, Path, ValueEdit } from '#core/problem.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { listAt, shown } from '../fields.ts';
import type { LegacyContainer } from '../parse.ts';
import { type LegacyProblem, legacyProblem } from '../problems.ts';
import { isFilledIn } from '../setting.ts';

const modes = ['init', 'legacy', 'http-proxy', 'dns-proxy'] as const;

/** Whether the router does its work and then what its kind of container has to do: end, or stay. */
export function checkMode(router: LegacyContainer): readonly LegacyProblem[] {
  const { mode, isInit } = router;
  switch (mode.kind) {
    case 'config-map':
    case 'elsewhere':
      return [];
    case 'absent':
      return isInit ? [missingMode(router.path, addMode(router))] : [];
    case 'not-text': {
      const message = `${shown(mode.value)} is no mode: ${modes.join(', ')}.`;
      return [legacyProblem('error', 'legacy-mode-unknown', mode.path, message)];
    }
    case 'text':
      return checkModeText(router, mode.text, mode.path);
  }
}

function checkModeText(router: LegacyContainer, text: string, path: Path): readonly LegacyProblem[] {
  const { isInit } = router;
  if (isFilledIn(text)) return [];
  // An empty value is as good as none.
  if (text === '') return isInit ? [missingMode(path, useMode('init', path))] : [];
  if (text === 'legacy' && isInit) {
    const message =
      'In mode "legacy" the router never ends, so the pod waits for this init container for ever: use "init".';
    return [legacyProblem('error', 'legacy-mode-misplaced', path, message, [useMode('init', path)])];
  }
  if (text === 'init' && !isInit) {
    const message =
      'In mode "init" the router ends when it has set up the network, and is started again and again here: make it an init container, or use "legacy".';
    return [legacyProblem('warning', 'legacy-mode-misplaced', path, message, [useMode('legacy', path)])];
  }
  if (modes.some((mode) => mode === text)) return [];
  const near = nearestWord(text, modes);
  const message = `${JSON.stringify(text)} is no mode, and the router ends: ${modes.join(', ')}.`;
  return [
    legacyProblem(
      'error',
      'legacy-mode-unknown',
      path,
      message,
      near === undefined ? [] : [useMode(near, path)],
    ),
  ];
}

function missingMode(path: Path, fix: Fix): LegacyProblem {
  const message =
    'Without EGRESS_ROUTER_MODE the router never ends, so the pod waits for this init container for ever: set it to "init".';
  return legacyProblem('error', 'legacy-mode-missing', path, message, [fix]);
}

function useMode(mode: string, path: Path): Fix {
  const isValue = path.at(-1) === 'value';
  const edit: ValueEdit = isValue
    ? { kind: 'replace', path, value: mode }
    : { kind: 'add', path: [...path, 'value'], value: mode };
  return { title: `Use ${mode}`, edits: [edit] };
}

function addMode({ path, value }: LegacyContainer): Fix {
  const entry = { name: 'EGRESS_ROUTER_MODE', value: 'init' };
  const env = [...path, 'env'];
  const edit: ValueEdit = Array.isArray(value['env'])
    ? { kind: 'add', path: [...env, listAt(value['env']).length], value: entry }
    : { kind: 'add', path: env, value: [entry] };
  return { title: 'Add EGRESS_ROUTER_MODE: init', edits: [edit] };
}
