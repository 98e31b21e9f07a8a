import type { Path } from '#core/problem.ts';
import { type Candidate, plain } from './candidates/candidate.ts';
import { optionPrefix } from './options.ts';

/** What there is to say about an annotation by which a router asks something of this project's operator. */
export interface OptionDoc {
  /** What it does, and what its value is. */
  readonly description: string;
  /** The value that holds without it. Absent where that is none: then the description says it. */
  readonly otherwise?: string;
  /** Values to begin with, the most usual one first. */
  readonly values: readonly (readonly [value: string, note: string])[];
}

/** @param path of a field of a router. Undefined where that is no such annotation. */
export function optionDocOf(path: Path): OptionDoc | undefined {
  const [metadata, annotations, key, ...deeper] = path;
  if (metadata !== 'metadata' || annotations !== 'annotations' || deeper.length > 0) return undefined;
  return typeof key === 'string' ? docs.get(key) : undefined;
}

/** Their keys, in the order people write them. */
export function optionKeys(): readonly string[] {
  return [...docs.keys()];
}

export function optionCandidates(path: Path): readonly Candidate[] {
  return (optionDocOf(path)?.values ?? []).map(([value, note]) => plain(value, note));
}

const docs: ReadonlyMap<string, OptionDoc> = new Map(
  Object.entries({
    'node-selector': {
      description:
        'The nodes that the router may run on, by their labels: `key=value`, with commas between them. Without it, any node will do.',
      values: [
        ['node-role.kubernetes.io/infra=', 'Nodes for infrastructure.'],
        ['node-role.kubernetes.io/worker=', 'Nodes for workloads.'],
      ],
    },
    tolerations: {
      description:
        'Taints of nodes that the router may run beside: `key=value:Effect`, `key:Effect`, `key`, or `*` for all, with commas between them. The effect is `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Without it, the pod runs beside no taint.',
      values: [
        ['node-role.kubernetes.io/infra', 'Nodes that are kept for infrastructure.'],
        ['*', 'All taints.'],
      ],
    },
    'priority-class': {
      description:
        "The PriorityClass of the router's pod, by its name. Without it, that of the cluster counts.",
      values: [
        ['system-cluster-critical', 'Other pods make way for it. Every cluster has this class.'],
        ['system-node-critical', 'The highest that there is. Every cluster has this class.'],
      ],
    },
    spread: {
      description: 'How routers keep to nodes of their own.',
      otherwise: 'preferred',
      values: [
        ['preferred', 'Routers run on different nodes where they can. The default.'],
        ['required', 'A router waits for a node without another one.'],
        ['none', 'Routers may share a node.'],
      ],
    },
    requests: {
      description: "What the router's pod asks for: `cpu=50m,memory=64Mi`; either may be left out.",
      otherwise: 'cpu=20m,memory=64Mi',
      values: [
        ['cpu=20m,memory=64Mi', 'The default.'],
        ['cpu=100m', 'For many connections at once.'],
      ],
    },
    limits: {
      description: "What the router's pod may use at most: `cpu=1,memory=256Mi`; either may be left out.",
      otherwise: 'memory=128Mi',
      values: [
        ['memory=128Mi', 'The default.'],
        ['cpu=1,memory=256Mi', 'For thousands of rules.'],
      ],
    },
    expose: {
      description:
        'With `"true"` a Service of the router\'s name, with a port for each rule, is made and kept as the rules are. The value has to be in quotes.',
      otherwise: '"false"',
      values: [
        ['true', 'A Service of the name of the router.'],
        ['false', 'No Service, or one that somebody makes by hand. The default.'],
      ],
    },
  } satisfies Record<string, OptionDoc>).map(([name, doc]) => [optionPrefix + name, doc]),
);
