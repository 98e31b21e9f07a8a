import type { Fix, Path, Problem, ValueEdit } from '#core/problem.ts';
import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { type ParseProblemCode, parseRouter } from './parse.ts';
import { egressRouterSchema } from './schema.generated.ts';
import { egressRouterApiVersion, egressRouterKind } from './wire.ts';

export const patchProblemCodes = ['patch-leads-nowhere'] as const;

export type PatchProblemCode = (typeof patchProblemCodes)[number] | ParseProblemCode;

export type PatchProblem = Problem<PatchProblemCode>;

/** What is wrong with the operations of a JSON patch (RFC 6902) of a router, whatever that router says. */
export function checkRouterPatch(operations: readonly unknown[]): readonly PatchProblem[] {
  let entered: ReadonlySet<string> | undefined;
  return operations.flatMap((operation, index) => {
    const problems = checkOperation(operation, [index]);
    if (!problems.some(isLackInValue)) return problems;
    // Another operation may write what lacks here.
    entered ??= enteredBy(operations);
    return entered.has(pointerOf(operation)) ? problems.filter((one) => !isLackInValue(one)) : problems;
  });
}

function isLackInValue({ code, path }: PatchProblem): boolean {
  return code === 'missing-field' && path.length > 1;
}

/** The places below which an operation has its own. */
function enteredBy(operations: readonly unknown[]): ReadonlySet<string> {
  return new Set(
    operations.flatMap((operation) => {
      const words = pointerOf(operation).split('/', deepest);
      return words.slice(1).map((_word, index) => words.slice(0, index + 1).join('/'));
    }),
  );
}

/** No field of a router lies deeper. */
const deepest = 12;

function pointerOf(operation: unknown): string {
  const path = isJsonObject(operation) ? operation['path'] : undefined;
  return typeof path === 'string' ? path : '';
}

const operationNames = ['add', 'replace', 'remove', 'test', 'move', 'copy'] as const;
type OperationName = (typeof operationNames)[number];

function checkOperation(operation: unknown, at: Path): readonly PatchProblem[] {
  if (!isJsonObject(operation)) {
    const message = 'An operation of a patch is an object with "op" and "path".';
    return [{ code: 'wrong-type', severity: 'error', path: at, message }];
  }
  const name = operationNames.find((one) => one === operation['op']);
  if (name === undefined) return [wrongName(operation, at)];
  const needed = Object.keys(fields[name]);
  const missing = needed.filter((key) => !Object.hasOwn(operation, key));
  const isMaking = name === 'add' || name === 'move' || name === 'copy';
  return [
    ...missing.map((key) => missingKey(name, key, at)),
    ...needed
      .filter((key) => key !== 'value')
      .flatMap((key) => {
        const pointed = readPointer(operation[key], [...at, key], key === 'path' && isMaking);
        if (!('steps' in pointed)) return pointed.problems;
        const isChecked = name === 'add' || name === 'replace';
        return isChecked && missing.length === 0 ? checkValue(operation, pointed, at) : [];
      }),
  ];
}

/** What an operation needs beside its name. */
const fields = {
  add: { path: true, value: true },
  replace: { path: true, value: true },
  remove: { path: true },
  test: { path: true, value: true },
  move: { from: true, path: true },
  copy: { from: true, path: true },
} as const satisfies Record<OperationName, object>;

function wrongName({ op }: JsonObject, at: Path): PatchProblem {
  if (op === undefined) {
    return {
      code: 'missing-field',
      severity: 'error',
      path: at,
      message: 'An operation of a patch needs "op".',
    };
  }
  const path = [...at, 'op'];
  const near = typeof op === 'string' ? nearestWord(op.trim().toLowerCase(), operationNames) : undefined;
  const message = `"op" must be one of ${operationNames.join(', ')}, not ${JSON.stringify(op)}.`;
  const fixes: readonly Fix[] =
    near === undefined ? [] : [{ title: `Use ${near}`, edits: [{ kind: 'replace', path, value: near }] }];
  return { code: 'not-in-enum', severity: 'error', path, message, fixes };
}

function missingKey(name: OperationName, key: string, at: Path): PatchProblem {
  const message = `The operation "${name}" of a patch needs "${key}".`;
  return { code: 'missing-field', severity: 'error', path: at, message };
}

/** A place in a router. Entries of lists have the index 0, whichever they are. */
interface Pointed {
  readonly steps: Path;
  readonly schema: JsonSchema;
}

interface Unread {
  readonly problems: readonly PatchProblem[];
}

/** RFC 6901. @param mayAppend `-` stands for the entry behind the last one */
function readPointer(pointer: unknown, at: Path, mayAppend: boolean): Pointed | Unread {
  if (pointer === undefined) return { problems: [] };
  const nowhere = (message: string, ...fixes: readonly string[]): Unread => ({
    problems: [
      {
        code: 'patch-leads-nowhere',
        severity: 'error',
        path: at,
        message,
        fixes: fixes.map((value) => ({
          title: `Use ${value}`,
          edits: [{ kind: 'replace', path: at, value }],
        })),
      },
    ],
  });
  // The whole document.
  if (pointer === '') return { steps: [], schema: egressRouterSchema };
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) {
    const written = typeof pointer === 'string' ? [`/${pointer.replaceAll('.', '/')}`] : [];
    return nowhere(
      `A path in a patch begins with "/", as /spec/addresses/0/ip; ${JSON.stringify(pointer)} does not.`,
      ...written,
    );
  }
  const words = pointer.slice(1).split('/');
  const steps: (string | number)[] = [];
  let schema = egressRouterSchema;
  for (const [index, word] of words.entries()) {
    const before = `/${words.slice(0, index).join('/')}`;
    const after = words.slice(index + 1);
    const put = (...others: readonly string[]): string =>
      `/${[...words.slice(0, index), ...others, ...after].join('/')}`;
    const isLast = index === words.length - 1;
    if (schema.type === 'array') {
      const isAppended = word === '-' && isLast;
      if (isAppended && !mayAppend)
        return nowhere(
          `"-" stands for one more entry, which only the "path" of "add", "move", and "copy" makes: write the number of the entry, from 0.`,
        );
      // Kustomize and the API server count negative ones from the end.
      if (!isAppended && !/^(?:0|-?[1-9][0-9]{0,4})$/.test(word))
        return nowhere(
          `${before} is a list, so that its path goes on with the number of an entry, from 0${mayAppend ? ', or with "-" for one more' : ''}; ${JSON.stringify(word)} is none.`,
        );
      steps.push(0);
      schema = schema.items ?? {};
    } else {
      const key = word.replaceAll('~1', '/').replaceAll('~0', '~');
      const inner = fieldOf(schema, key);
      if (inner === undefined) {
        const near = nearestWord(key, Object.keys(schema.properties ?? {}));
        const owner = index === 0 ? 'an EgressRouter' : before;
        return nowhere(
          `${owner} has no field ${JSON.stringify(key)}${near === undefined ? '' : `, but "${near}"`}.`,
          ...(near === undefined ? [] : [put(near)]),
        );
      }
      steps.push(key);
      schema = inner;
    }
  }
  return { steps, schema };
}

/** Of what has fields that it does not list, nothing is known. */
function fieldOf(schema: JsonSchema, key: string): JsonSchema | undefined {
  const { properties = {}, additionalProperties, type } = schema;
  if (Object.hasOwn(properties, key)) return properties[key];
  if (typeof additionalProperties === 'object') return additionalProperties;
  const isOpen = additionalProperties !== false && (type === undefined || type === 'object');
  return isOpen ? {} : undefined;
}

/** A value, judged as a router that has nothing else. */
function checkValue(operation: JsonObject, { steps, schema }: Pointed, at: Path): readonly PatchProblem[] {
  const { path: pointer, value } = operation;
  if (schema.type === 'array' && isJsonObject(value) && operation['op'] === 'add') {
    const path = [...at, 'path'];
    const wanted = `${String(pointer)}/-`;
    const message = `${String(pointer)} is a list, and the value one entry of it: write ${wanted} to add the entry, or a list in the place of all.`;
    const fixes: readonly Fix[] = [
      { title: `Use ${wanted}`, edits: [{ kind: 'replace', path, value: wanted }] },
    ];
    return [{ code: 'patch-leads-nowhere', severity: 'error', path, message, fixes }];
  }
  const { problems } = parseRouter(routerWith(steps, value));
  return problems
    .filter(({ path }) => steps.every((step, index) => path[index] === step))
    .map((problem) => inValue(problem, steps.length, [...at, 'value']));
}

/** Paths that count from the router, counted from the patch. */
function inValue(problem: Problem<ParseProblemCode>, depth: number, at: Path): PatchProblem {
  const { fixes = [], related: _, path, ...rest } = problem;
  const inward = (inner: Path): Path => [...at, ...inner.slice(depth)];
  // What would change the place itself is for another operation to do.
  const isWithin = (edit: ValueEdit): boolean =>
    edit.path.length > depth || (edit.path.length === depth && edit.kind === 'replace');
  return {
    ...rest,
    path: inward(path),
    fixes: fixes
      .filter(({ edits, lookUp }) => lookUp === undefined && edits.every(isWithin))
      .map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, path: inward(edit.path) })) })),
  };
}

function routerWith(steps: Path, value: unknown): unknown {
  if (steps.length === 0) return value;
  const nested = steps.reduceRight<unknown>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    value,
  );
  const part: JsonObject = isJsonObject(nested) ? nested : {};
  return { apiVersion: egressRouterApiVersion, kind: egressRouterKind, metadata: { name: 'a' }, ...part };
}
