import { t } from '#client/l10n.ts';
import type { RouterDraft, RuleDraft } from '#core/egress-router/draft.ts';
import type { Path } from '#core/problem.ts';

/** One question about a new router. */
export type Step = { readonly key: string; readonly title: string } & (
  | {
      readonly kind: 'text';
      readonly field: DraftField;
      /** Of the field in the manifest. */
      readonly path: Path;
      readonly prompt: string;
      readonly example: string;
      readonly isOptional: boolean;
      /** The best offer is filled in already. */
      readonly isOffered: boolean;
      /** What is wrong with the shape of an answer, before anything else is asked of it. */
      readonly wrong?: (text: string) => string | undefined;
    }
  | { readonly kind: 'choice'; readonly choices: readonly { readonly text: string; readonly note: string }[] }
);

type DraftField =
  | Exclude<keyof RouterDraft, 'rules'>
  | { readonly rule: number; readonly key: keyof RuleDraft };

export function startOf(): Step {
  return {
    ...text('name', t`Name`, ['metadata', 'name']),
    prompt: t`One of its kind in the namespace. Expose gives the Service of the router the same name.`,
    example: 'partner-api',
  };
}

/** The draft with what was answered; an empty text leaves the field out. */
export function withAnswer(draft: RouterDraft, step: Step, answer: string): RouterDraft {
  if (step.kind === 'choice') {
    return step.key.startsWith('protocol') ? withRule(draft, indexOf(step.key), 'protocol', answer) : draft;
  }
  if (typeof step.field === 'object') return withRule(draft, step.field.rule, step.field.key, answer);
  const { [step.field]: _, ...rest } = draft;
  return answer === '' ? rest : { ...rest, [step.field]: answer };
}

/** @returns undefined after the last */
export function nextStep(draft: RouterDraft, step: Step, answer: string): Step | undefined {
  switch (step.key.replace(/\d+$/, '')) {
    case 'name':
      return namespaceStep;
    case 'namespace':
      return ipStep;
    case 'ip':
      return gatewayStep;
    case 'gateway':
      return targetStep;
    case 'target':
      return answer === everything ? fallbackStep : portStep(0);
    case 'port':
      return protocolStep(indexOf(step.key));
    case 'protocol':
      return destinationStep(indexOf(step.key));
    case 'destination':
      return targetPortStep(indexOf(step.key), draft.rules[indexOf(step.key)]?.port ?? '');
    case 'targetPort':
      return moreStep(draft.rules.length);
    case 'more':
      if (answer === anotherRule) return portStep(draft.rules.length);
      return answer === withFallback ? fallbackStep : undefined;
    default:
      return undefined;
  }
}

const everything = t`Everything to one server`;
const anotherRule = t`Another rule`;
const withFallback = t`A server for all other ports`;

const namespaceStep: Step = {
  ...text('namespace', t`Namespace`, ['metadata', 'namespace']),
  prompt: t`Where the router and its pod stand. Leave it empty to take that of the context at each deploy.`,
  example: 'demo',
  isOptional: true,
  isOffered: true,
};

const ipStep: Step = {
  ...text('ip', t`Reserved address`, ['spec', 'addresses', 0, 'ip']),
  prompt: t`With the length of its network's prefix. Servers see this address; nothing else on the network may have it.`,
  example: '192.168.12.99/24',
  isOffered: true,
};

const gatewayStep: Step = {
  ...text('gateway', t`Gateway`, ['spec', 'addresses', 0, 'gateway']),
  prompt: t`The next hop on the network of the address, through which the servers are reached.`,
  example: '192.168.12.1',
  isOptional: true,
  isOffered: true,
};

const targetStep: Step = {
  kind: 'choice',
  key: 'target',
  title: t`What it redirects`,
  choices: [
    { text: t`Ports, each to its server`, note: t`A rule for each port that clients connect to.` },
    { text: everything, note: t`A fallback: the same port there as here.` },
  ],
};

const fallbackStep: Step = {
  ...text('fallbackIP', t`Server of the fallback`, ['spec', 'redirect', 'fallbackIP']),
  prompt: t`The remote server for every port without a rule, as an address: names are not resolved.`,
  example: '203.0.113.25',
};

function portStep(rule: number): Step {
  return {
    ...text({ rule, key: 'port' }, t`Port of rule ${rule + 1}`, rulePath(rule, 'port')),
    key: `port${rule}`,
    prompt: t`The port of the router that clients connect to.`,
    example: '8080',
    wrong: wrongPort,
  };
}

function protocolStep(rule: number): Step {
  return {
    kind: 'choice',
    key: `protocol${rule}`,
    title: t`Protocol of rule ${rule + 1}`,
    choices: [
      { text: 'TCP', note: t`Web, databases, mail.` },
      { text: 'UDP', note: t`DNS, time, voice.` },
      { text: 'SCTP', note: t`Signaling; the nodes need its kernel module.` },
    ],
  };
}

function destinationStep(rule: number): Step {
  return {
    ...text({ rule, key: 'destinationIP' }, t`Server of rule ${rule + 1}`, rulePath(rule, 'destinationIP')),
    key: `destination${rule}`,
    prompt: t`The remote server, as an address: names are not resolved.`,
    example: '203.0.113.25',
  };
}

function targetPortStep(rule: number, port: string): Step {
  return {
    ...text(
      { rule, key: 'targetPort' },
      t`Port of the server of rule ${rule + 1}`,
      rulePath(rule, 'targetPort'),
    ),
    key: `targetPort${rule}`,
    prompt: t`The port there. Leave it empty where it is ${port} as well.`,
    example: '80',
    isOptional: true,
    wrong: wrongPort,
  };
}

/** The check of the manifest would speak of fields and strings. Numbers are its business, names and signs are not. */
function wrongPort(answer: string): string | undefined {
  if (/^\d+$/.test(answer)) return undefined;
  return t`"${answer}" is no port. Write a number from 1 to 65535, such as 8080.`;
}

function moreStep(rules: number): Step {
  return {
    kind: 'choice',
    key: `more${rules}`,
    title: rules === 1 ? t`One rule so far` : t`${rules} rules so far`,
    choices: [
      { text: t`Done`, note: t`Connections to other ports are rejected.` },
      { text: anotherRule, note: t`For another port.` },
      { text: withFallback, note: t`A fallback: the same port there as here.` },
    ],
  };
}

function text(field: DraftField, title: string, path: Path) {
  const key = typeof field === 'string' ? field : field.key;
  return { kind: 'text', key, title, field, path, isOptional: false, isOffered: false } as const;
}

function rulePath(rule: number, key: keyof RuleDraft): Path {
  return ['spec', 'redirect', 'redirectRules', rule, key];
}

function withRule(draft: RouterDraft, index: number, key: keyof RuleDraft, answer: string): RouterDraft {
  const { [key]: _, ...rest } = draft.rules[index] ?? {};
  const rule = answer === '' ? rest : { ...rest, [key]: answer };
  return { ...draft, rules: [...draft.rules.slice(0, index), rule, ...draft.rules.slice(index + 1)] };
}

function indexOf(key: string): number {
  return Number(/\d+$/.exec(key)?.[0] ?? 0);
}
