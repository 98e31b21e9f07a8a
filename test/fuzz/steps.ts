import type { Random } from './random.ts';
import { randomPiece, randomTextOf } from './texts.ts';

/** What files are called, by their numbers in the steps. */
export const fileNames = [
  'a.yaml',
  'b.yaml',
  'c.yaml',
  'kustomization.yaml',
  'overlay/patch.yaml',
  'overlay/kustomization.yml',
] as const;

/** What an editor does to a server. Offsets are taken modulo the length that the text has by then. */
export type Step =
  | { readonly kind: 'open'; readonly file: number; readonly text: string }
  | { readonly kind: 'close'; readonly file: number }
  | { readonly kind: 'change'; readonly file: number; readonly edits: readonly Edit[] }
  | { readonly kind: 'ask'; readonly file: number; readonly method: string; readonly at: number };

export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly put: string;
  /** The text of the file is given anew, as some editors do it. */
  readonly isWhole: boolean;
}

export function randomSteps(random: Random): readonly Step[] {
  const isSound = random.chance(40);
  const files = isSound || random.chance(30) ? fileNames : fileNames.slice(0, 3);
  const count = isSound ? files.length : 1 + random.below(files.length);
  const textOf = (file: number): string => randomTextOf(random, fileNames[file] ?? '', isSound);
  const first = files.slice(0, count).map((_, file): Step => ({ kind: 'open', file, text: textOf(file) }));
  const more = Array.from({ length: 3 + random.below(25) }, (): Step => {
    const file = random.below(files.length);
    return isSound && random.chance(50) ? rewritten(file, textOf(file)) : randomStep(random, file, textOf);
  });
  return [...first, ...more];
}

/** The file is another one at once. */
function rewritten(file: number, put: string): Step {
  return { kind: 'change', file, edits: [{ at: 0, length: Number.MAX_SAFE_INTEGER, put, isWhole: true }] };
}

function randomStep(random: Random, file: number, textOf: (file: number) => string): Step {
  if (random.chance(6)) return { kind: 'open', file, text: textOf(file) };
  if (random.chance(4)) return { kind: 'close', file };
  if (random.chance(25)) return { kind: 'ask', file, method: random.pick(methods), at: random.below(1e9) };
  const edits = Array.from({ length: 1 + (random.chance(20) ? random.below(4) : 0) }, () =>
    randomEdit(random),
  );
  return { kind: 'change', file, edits };
}

function randomEdit(random: Random): Edit {
  return {
    at: random.below(1e9),
    length: random.chance(50) ? 0 : random.below(random.chance(10) ? 2000 : 12),
    put: random.chance(25) ? '' : randomPiece(random),
    isWhole: random.chance(5),
  };
}

export const methods = [
  'textDocument/hover',
  'textDocument/completion',
  'textDocument/codeAction',
  'textDocument/documentSymbol',
  'textDocument/codeLens',
  'textDocument/foldingRange',
  'textDocument/selectionRange',
  'textDocument/inlayHint',
  'textDocument/definition',
  'textDocument/references',
  'textDocument/documentHighlight',
  'textDocument/documentLink',
  'textDocument/prepareRename',
  'textDocument/formatting',
  'egressRouter/documents',
] as const;
