import type { Path } from './problem.ts';

/** `spec.addresses[0].ip`, as `kubectl explain` and the API server write it. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}
