import type { Problem } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { amountOf, isQuantity } from './quantity.ts';

/** What annotations of a router ask of this project's operator; the Cluster Network Operator knows none of them. */
export interface RouterOptions {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly priorityClass?: string;
  /** How the pods of routers keep to nodes of their own. */
  readonly spread?: (typeof spreads)[number];
  readonly requests?: Resources;
  readonly limits?: Resources;
  /** A Service of the router's name, made and kept by the operator. */
  readonly expose?: boolean;
}

export interface Toleration {
  /** Absent: every taint. */
  readonly key?: string;
  readonly operator: 'Exists' | 'Equal';
  readonly value?: string;
  /** Absent: every effect. */
  readonly effect?: (typeof effects)[number];
}

/** Quantities as Kubernetes writes them. */
export interface Resources {
  readonly cpu?: string;
  readonly memory?: string;
}

export const spreads = ['preferred', 'required', 'none'] as const;
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export const optionProblemCodes = ['invalid-option', 'unknown-option'] as const;
type OptionProblem = Problem<(typeof optionProblemCodes)[number]>;

export const optionPrefix = 'egress-router-tools/';

export interface OptionReading {
  readonly options?: RouterOptions;
  readonly problems: readonly OptionProblem[];
}

/** @param annotations those of a router, as written */
export function readOptions(annotations: unknown): OptionReading {
  if (!isJsonObject(annotations)) return { problems: [] };
  const written = Object.entries(annotations).filter(([key]) => key.startsWith(optionPrefix));
  if (written.length === 0) return { problems: [] };
  const problems: OptionProblem[] = [];
  let options: RouterOptions = {};
  for (const [key, value] of written) {
    const name = key.slice(optionPrefix.length);
    const path = ['metadata', 'annotations', key];
    const reader = readers.get(name);
    if (reader === undefined) {
      problems.push(unknownOption(name, path));
    } else if (typeof value === 'string') {
      // What is no text the schema tells of.
      const read = reader.read(value.trim());
      if (read === undefined) {
        const message = `${JSON.stringify(value)} is no value of ${key}: ${reader.form}.`;
        problems.push({ code: 'invalid-option', severity: 'error', path, message });
      } else {
        options = { ...options, ...read };
      }
    }
  }
  return { options, problems: [...problems, ...contradictions(options)] };
}

/** What each annotation by itself may say, and no pod can be made or live with. */
function contradictions({ requests = {}, limits = {} }: RouterOptions): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  const tell = (option: 'requests' | 'limits', message: string): void => {
    const path = ['metadata', 'annotations', `${optionPrefix}${option}`];
    problems.push({ code: 'invalid-option', severity: 'error', path, message });
  };
  for (const name of ['cpu', 'memory'] as const) {
    const [request, limit] = [requests[name], limits[name]];
    if (request === undefined || limit === undefined || amountOf(request) <= amountOf(limit)) continue;
    tell(
      'requests',
      `${name}=${request} is more than the limit, ${name}=${limit}: the API server refuses the pod. Ask for less, or raise ${optionPrefix}limits.`,
    );
  }
  if (limits.memory !== undefined && amountOf(limits.memory) < leastMemory) {
    tell(
      'limits',
      `With memory=${limits.memory} no router starts: it needs 32Mi at the least, and 128Mi is what it has without this annotation. Write the amount with its unit, as in memory=128Mi.`,
    );
  }
  return problems;
}

/** Node alone takes more. */
const leastMemory = amountOf('32Mi');

interface Reader {
  /** Gives nothing for a text that is no such value. */
  readonly read: (text: string) => RouterOptions | undefined;
  /** What it has to be, as the end of a sentence. */
  readonly form: string;
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    'node-selector',
    {
      form: 'write labels of nodes as key=value, with commas between them',
      read: (text) => {
        const nodeSelector = readPairs(text, isLabelKey, isLabelValue);
        return nodeSelector && { nodeSelector };
      },
    },
  ],
  [
    'tolerations',
    {
      form: 'write taints as key=value:Effect, key:Effect or key, or * for every taint, with commas between them; the effect is NoSchedule, PreferNoSchedule or NoExecute',
      read: (text) => {
        const tolerations = readAll(text, readToleration);
        return tolerations && { tolerations };
      },
    },
  ],
  [
    'priority-class',
    {
      form: 'write the name of a PriorityClass',
      read: (text) => (isName(text) ? { priorityClass: text } : undefined),
    },
  ],
  [
    'spread',
    {
      form: 'write preferred, required or none',
      read: (text) => {
        const spread = spreads.find((one) => one === text);
        return spread && { spread };
      },
    },
  ],
  ['requests', resourceReader('requests')],
  ['limits', resourceReader('limits')],
  [
    'expose',
    {
      form: 'write "true" or "false", in quotes',
      read: (text) => (text === 'true' || text === 'false' ? { expose: text === 'true' } : undefined),
    },
  ],
]);

function resourceReader(option: 'requests' | 'limits'): Reader {
  return {
    form: 'write amounts as cpu=50m,memory=64Mi; either may be left out',
    read: (text) => {
      const pairs = readPairs(text, (key) => key === 'cpu' || key === 'memory', isQuantity);
      return pairs && { [option]: pairs };
    },
  };
}

/** Nothing of a text with an entry that is none, or a key twice. */
function readPairs(
  text: string,
  isKey: (key: string) => boolean,
  isValue: (value: string) => boolean,
): Readonly<Record<string, string>> | undefined {
  const pairs = readAll(text, (entry) => {
    const sign = entry.indexOf('=');
    const [key, value] = [entry.slice(0, sign).trim(), entry.slice(sign + 1).trim()];
    return sign > 0 && isKey(key) && isValue(value) ? ([key, value] as const) : undefined;
  });
  if (pairs === undefined || new Set(pairs.map(([key]) => key)).size !== pairs.length) return undefined;
  return Object.fromEntries(pairs);
}

function readAll<T>(text: string, read: (entry: string) => T | undefined): readonly T[] | undefined {
  const all = text.split(',').map((entry) => read(entry.trim()));
  const good = all.filter((one) => one !== undefined);
  return good.length === all.length ? good : undefined;
}

function readToleration(text: string): Toleration | undefined {
  const colon = text.indexOf(':');
  const taint = colon < 0 ? text : text.slice(0, colon);
  const effect = effects.find((one) => one === text.slice(colon + 1));
  if (colon >= 0 && effect === undefined) return undefined;
  const withEffect = effect === undefined ? {} : { effect };
  if (taint === '*') return { operator: 'Exists', ...withEffect };
  const sign = taint.indexOf('=');
  if (sign < 0) return isLabelKey(taint) ? { key: taint, operator: 'Exists', ...withEffect } : undefined;
  const [key, value] = [taint.slice(0, sign), taint.slice(sign + 1)];
  return isLabelKey(key) && isLabelValue(value)
    ? { key, operator: 'Equal', value, ...withEffect }
    : undefined;
}

function isLabelKey(text: string): boolean {
  const parts = text.split('/');
  const [name = '', prefix] = parts.toReversed();
  return (
    parts.length <= 2 &&
    name.length <= 63 &&
    /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name) &&
    (prefix === undefined || isName(prefix))
  );
}

function isLabelValue(text: string): boolean {
  return text.length <= 63 && /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(text);
}

function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);
}

function unknownOption(name: string, path: readonly string[]): OptionProblem {
  const known = nearestWord(name, [...readers.keys()]);
  const message = `The operator knows no annotation ${optionPrefix}${name}; ${known === undefined ? `it knows ${[...readers.keys()].join(', ')}` : `${optionPrefix}${known} is one`}.`;
  return {
    code: 'unknown-option',
    severity: 'warning',
    path,
    at: 'key',
    message,
    ...(known === undefined
      ? {}
      : {
          fixes: [
            {
              title: `Use ${optionPrefix}${known}`,
              edits: [{ kind: 'rename', path, key: `${optionPrefix}${known}` }],
            },
          ],
        }),
  };
}
