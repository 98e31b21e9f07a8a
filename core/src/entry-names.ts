import { at, numberAt, textAt } from './json-value.ts';
import type { Path } from './problem.ts';

/** What people call an entry of a list, which they would have to count for its place: undefined of other lists. */
export function entryNameOf(list: string): ((entry: unknown) => string | undefined) | undefined {
  return entryNames.get(list);
}

/**
 * A path as people read it, `redirectRules[8080/TCP]`, and where an entry has no name by its place. It leads nowhere
 * any more.
 */
export function namedPath(path: Path, value: unknown): Path {
  return path.reduce<Path>((before, step, index) => {
    const list = before.at(-1);
    const nameOf = typeof step === 'number' && typeof list === 'string' ? entryNameOf(list) : undefined;
    const name = nameOf?.(at(value, ...path.slice(0, index + 1)));
    return name === undefined ? [...before, step] : [...before.slice(0, -1), `${list}[${name}]`];
  }, []);
}

const entryNames: ReadonlyMap<string, (entry: unknown) => string | undefined> = new Map([
  ['ports', (entry: unknown) => textAt(entry, 'name') ?? portName(entry)],
  ['redirectRules', portName],
]);

/** `8080/TCP` */
function portName(entry: unknown): string | undefined {
  const port = numberAt(entry, 'port');
  return port === undefined ? undefined : `${port}/${textAt(entry, 'protocol') ?? 'TCP'}`;
}
