import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { appLabel, appLabelValue, deploymentName, routerLabel } from '#core/manifest/names.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import type { Path, Problem, ValueEdit } from '#core/problem.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Known, RouterFacts, ServiceFacts } from './facts.ts';
import { fullName, placeIn } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';
import { selectsOwnLabels } from './selection.ts';

/** A selector that was to select the pods of a router, and does not. */
export function checkSelector(
  { name, ports }: ServiceFacts,
  selector: Readonly<Record<string, string>>,
  router: Known<RouterFacts>,
  reconciler: Reconciler,
  other: Other | undefined,
): Problem<RelationProblemCode>[] {
  const isOfCno = reconciler === 'cno';
  const targets = new Set(ports.flatMap(({ port, targetPort = port }) => [port, targetPort]));
  const isNamesake = name !== undefined && name === router.facts.name;
  const isMeant =
    (isOfCno && selectsOwnLabels(selector)) ||
    Object.entries(selector).some((pair) => isNearMiss(pair, router.facts.name)) ||
    (isNamesake && router.facts.rules.some((rule) => targets.has(rule.port)));
  if (!isMeant) return [];
  const keys = Object.keys(selector);
  const isOneValue = keys.length === 1 && Object.hasOwn(selector, appLabel);
  const [label, value] = other === undefined ? [appLabel, appLabelValue] : ownLabel(router);
  return [
    {
      code: 'service-selects-nothing',
      severity: 'warning',
      path: ['spec', 'selector', ...(isOneValue ? [appLabel] : [])],
      ...(isOneValue ? {} : { at: 'key' as const }),
      message: `The pod of the router ${fullName(router.facts)} has the label ${label}: ${value}${isOfCno ? ' and, from the Cluster Network Operator, no other' : ''}: this selector does not select it.`,
      related: [placeIn(router, ['metadata', 'name'], 'The router.')],
      fixes: [
        {
          title: `Select ${label}: ${value}`,
          edits: other === undefined ? selectorEdits(selector) : ownSelectorEdits(keys, label, value),
        },
      ],
    },
  ];
}

/** Nothing in a file says which router of a namespace has the documented label on its pods: only one can. */
export function checkShared(
  selector: Readonly<Record<string, string>>,
  router: Known<RouterFacts>,
  other: Other | undefined,
): Problem<RelationProblemCode>[] {
  if (other === undefined || selector[appLabel] !== appLabelValue || Object.hasOwn(selector, routerLabel))
    return [];
  const { namespace } = router.facts;
  const [label, value] = ownLabel(router);
  return [
    {
      code: 'service-shared-selector',
      severity: 'warning',
      path: ['spec', 'selector', appLabel],
      message: `Only one router of a namespace has the label ${appLabel}: ${appLabelValue} on its pods, and ${other.name} is in ${namespace ?? 'this one'} too: clients may leave by its address. Select ${label}: ${value}.`,
      related: [
        placeIn(router, ['metadata', 'name'], 'The router.'),
        ...(other.known === undefined
          ? []
          : [placeIn(other.known, ['metadata', 'name'], 'The other router.')]),
      ],
      fixes: [
        {
          title: `Select ${label}: ${value}`,
          edits: [
            { kind: 'remove', path: ['spec', 'selector', appLabel] },
            { kind: 'add', path: ['spec', 'selector', label], value },
          ],
        },
      ],
    },
  ];
}

/** A second router of a namespace, which this project's operator gives names and labels of its own. */
export interface Other {
  readonly name: string;
  readonly known?: Known<RouterFacts>;
}

export function otherOfAgent(
  router: Known<RouterFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
  cluster: ClusterFacts | undefined,
): Other | undefined {
  const { name, namespace } = router.facts;
  const isOfAgent = reconciler === 'agent' || router.facts.isForAgent === true;
  if (!isOfAgent || name === undefined) return undefined;
  const known = index.otherBeside(router);
  if (known?.facts.name !== undefined) return { name: known.facts.name, known };
  return cluster?.routers.find((one) => one.namespace === namespace && one.name !== name);
}

/** Which the pods of every router of this project's operator have, whatever else they are called. */
function ownLabel({ facts: { name = '' } }: Known<RouterFacts>): readonly [label: string, value: string] {
  return [routerLabel, routerLabelValue(name)];
}

function isNearMiss([key, value]: readonly [string, string], routerName: string | undefined): boolean {
  if (value === appLabelValue || nearestWord(value, [appLabelValue]) !== undefined) return true;
  const likeApp = key === appLabel || nearestWord(key, [appLabel]) !== undefined;
  return likeApp && [deploymentName, 'egress-router', 'egressrouter', routerName].includes(value);
}

function selectorEdits(selector: Readonly<Record<string, string>>): readonly ValueEdit[] {
  const at = (key: string): Path => ['spec', 'selector', key];
  const others = Object.keys(selector).filter((key) => key !== appLabel);
  if (Object.hasOwn(selector, appLabel)) {
    const isRight = selector[appLabel] === appLabelValue;
    return [
      ...(isRight ? [] : [{ kind: 'replace', path: at(appLabel), value: appLabelValue } as const]),
      ...others.map((key) => ({ kind: 'remove', path: at(key) }) as const),
    ];
  }
  const right = others.find((key) => selector[key] === appLabelValue);
  const wrong = others.filter((key) => key !== right);
  const removed = wrong.map((key) => ({ kind: 'remove', path: at(key) }) as const);
  return right === undefined
    ? [...removed, { kind: 'add', path: at(appLabel), value: appLabelValue }]
    : [...removed, { kind: 'rename', path: at(right), key: appLabel }];
}

function ownSelectorEdits(keys: readonly string[], label: string, value: string): readonly ValueEdit[] {
  const at = (key: string): Path => ['spec', 'selector', key];
  const isThere = keys.includes(label);
  return [
    ...keys.filter((key) => key !== label).map((key) => ({ kind: 'remove', path: at(key) }) as const),
    { kind: isThere ? 'replace' : 'add', path: at(label), value },
  ];
}
