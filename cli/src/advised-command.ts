import { inOneLine } from './printable.ts';

/** How the person has called the program, and for which cluster. */
export interface Called {
  /** Such as `kubectl egress-router`. Absent: `egress-router`. */
  readonly program?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

/**
 * A command to be copied into a shell, for the cluster that this one was for.
 *
 * @param words its verb and arguments, none of which a shell reads in another way
 */
export function advisedCommand(
  { program = 'egress-router', context, kubeconfig }: Called,
  ...words: readonly string[]
): string {
  return [program, ...words, ...option('context', context), ...option('kubeconfig', kubeconfig)].join(' ');
}

/** Empty, it counts as left out. Behind `=`, it may begin with a dash. */
function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`--${name}=${quoted(inOneLine(value))}`];
}

function quoted(word: string): string {
  return /^[\w%+,./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
