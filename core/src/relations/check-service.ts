import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { toServicePorts } from '#core/manifest/service.ts';
import type { Fix, Problem, ValueEdit } from '#core/problem.ts';
import { checkSelector, checkShared, otherOfAgent } from './check-selector.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type {
  Known,
  RouterFacts,
  RuleFact,
  ServiceFacts,
  ServiceFaultCode,
  ServicePortFact,
} from './facts.ts';
import { fullName, placeIn } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';
import { selects, selectsRouter } from './selection.ts';

/** A Service whose connections do not reach the rules of its router. */
export function checkService(
  self: Known<ServiceFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
  cluster?: ClusterFacts,
): Problem<RelationProblemCode>[] {
  const { facts } = self;
  const router = index.routerFor(self);
  if (router === undefined || facts.selector === undefined || facts.type === 'ExternalName') return [];
  const other = otherOfAgent(router, index, reconciler, cluster);
  if (!selectsRouter(facts.selector, router.facts.name, reconciler)) {
    const legacy = index.legacyFor(self);
    const isLegacy = legacy !== undefined && selects(facts.selector, legacy.facts.labels);
    return isLegacy ? [] : checkSelector(facts, facts.selector, router, reconciler, other);
  }
  return [
    ...checkShared(facts.selector, router, other),
    ...facts.ports.flatMap(targetTextProblem),
    ...checkPorts(facts, router),
  ];
}

/** What the API server refuses in a Service that leads to a router: others are for others to judge. */
export function checkServiceFaults(
  self: Known<ServiceFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
): readonly Problem<ServiceFaultCode>[] {
  const { faults = [], selector } = self.facts;
  const router = faults.length === 0 ? undefined : index.routerFor(self);
  const isOfRouter =
    router !== undefined && selector !== undefined && selectsRouter(selector, router.facts.name, reconciler);
  return isOfRouter ? faults.map((fault) => withPorts(fault, self.facts, router.facts)) : [];
}

/** A Service without ports gets those of the rules. */
function withPorts(
  fault: Problem<ServiceFaultCode>,
  { type }: ServiceFacts,
  { rules }: RouterFacts,
): Problem<ServiceFaultCode> {
  const lacksPorts = fault.code === 'missing-field' && fault.path.join('.') === 'spec';
  if (!lacksPorts || type === 'ExternalName' || rules.length === 0) return fault;
  const edits = [{ kind: 'add', path: ['spec', 'ports'], value: toServicePorts(rules) }] as const;
  return { ...fault, fixes: [{ title: 'Add a port for each rule of the router', edits }] };
}

function checkPorts(facts: ServiceFacts, router: Known<RouterFacts>): Problem<RelationProblemCode>[] {
  if (hasRuleForAll(router)) return [];
  if (facts.isHeadless) return facts.ports.flatMap((port) => checkHeadlessPort(port, router));
  const reached = new Set(facts.ports.map(reachedBy));
  return facts.ports.flatMap((port) => checkPort(port, facts, router, reached));
}

/** Rules that no client reaches, as the Services of the router have no port for them. */
export function checkReachedRules(
  self: Known<RouterFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
): Problem<RelationProblemCode>[] {
  const services = index
    .servicesFor(self)
    .filter(
      ({ facts: { selector } }) =>
        selector !== undefined && selectsRouter(selector, self.facts.name, reconciler),
    );
  // One that leads to a name is told to be of another type: then its ports lead here.
  const service = services.find(({ facts }) => facts.type !== 'ExternalName');
  if (service === undefined || services.some(({ facts }) => facts.isHeadless || !facts.isWhole)) return [];
  const { rules } = self.facts;
  const ports = services.flatMap(({ facts }) => facts.ports);
  const reached = new Set(ports.map(reachedBy));
  const answered = new Set(rules.map(socketOf));
  // A port that reaches no rule is told at the Service, as one that is meant for a rule of its number.
  const astray = ports.filter((port) => !answered.has(reachedBy(port)));
  const meant = new Set(astray.flatMap((port) => [port.port, targetOf(port)]));
  const isFirst = (rule: (typeof rules)[number]): boolean =>
    rules.find((other) => socketOf(other) === socketOf(rule)) === rule;
  return rules
    .filter((rule) => !reached.has(socketOf(rule)) && !meant.has(rule.port) && isFirst(rule))
    .map((rule) => ({
      code: 'rule-without-service-port',
      severity: 'information',
      path: [...rule.path, 'port'],
      message: `Clients reach the router through the Service ${fullName(service.facts)}, which has no port for ${rule.port}/${rule.protocol}: add it there.`,
      related: [placeIn(service, ['spec', 'ports'], 'The ports of the Service.', 'key')],
    }));
}

/** Where connections to any port have somewhere to go, or nothing is known of where they go. */
function hasRuleForAll({ facts }: Known<RouterFacts>): boolean {
  return !facts.isWhole || facts.fallback !== undefined || facts.rules.length === 0;
}

/** Clients of a headless Service connect to the pod itself: nothing leads them from its port to another one. */
function checkHeadlessPort(
  port: ServicePortFact,
  router: Known<RouterFacts>,
): Problem<RelationProblemCode>[] {
  const target = targetOf(port);
  const answers = (wanted: number | string): boolean =>
    router.facts.rules.some((rule) => rule.port === wanted && rule.protocol === port.protocol);
  if (typeof target === 'string' || answers(port.port) || !answers(target)) return [];
  return [
    {
      code: 'service-target-port',
      severity: 'warning',
      path: [...port.path, 'port'],
      message: `This Service is headless: its clients connect to the router ${fullName(router.facts)} itself, and nothing leads them from port ${port.port} to ${target}. Write the port of the rule.`,
      related: [placeIn(router, ['spec', 'redirect', 'redirectRules'], 'The rules of the router.', 'key')],
      fixes: [
        { title: `Use ${target}`, edits: [{ kind: 'replace', path: [...port.path, 'port'], value: target }] },
      ],
    },
  ];
}

function checkPort(
  port: ServicePortFact,
  service: ServiceFacts,
  router: Known<RouterFacts>,
  reached: ReadonlySet<string>,
): Problem<RelationProblemCode>[] {
  const { rules } = router.facts;
  const target = targetOf(port);
  if (rules.some((rule) => rule.port === target && rule.protocol === port.protocol)) return [];
  const [samePort] = rules.filter((rule) => rule.port === target);
  if (samePort !== undefined) return [protocolProblem(port, samePort, router)];
  const meant = rules.some((rule) => rule.port === port.port && rule.protocol === port.protocol);
  if (meant || typeof target === 'string') return [targetPortProblem(port, router, meant)];
  // Ports of rules that this Service does not reach yet, in the protocol of the entry.
  const free = rules.filter((rule) => rule.protocol === port.protocol && !reached.has(socketOf(rule)));
  const isRepeated = port.targetPort === port.port;
  const field = port.targetPort === undefined ? 'port' : 'targetPort';
  const use = free.slice(0, 3).map((rule): Fix => {
    const edits: ValueEdit[] = [{ kind: 'replace', path: [...port.path, field], value: rule.port }];
    if (isRepeated) edits.push({ kind: 'replace', path: [...port.path, 'port'], value: rule.port });
    return { title: `Use ${rule.port}`, edits };
  });
  const remove: Fix = { title: 'Remove the port', edits: [{ kind: 'remove', path: port.path }] };
  return [
    {
      code: 'service-port-without-rule',
      severity: 'warning',
      path: [...port.path, field],
      message: `The router ${fullName(router.facts)} has no rule for ${target}/${port.protocol}: it rejects these connections. Use the port of a rule, or remove the entry.`,
      related: [placeIn(router, ['spec', 'redirect', 'redirectRules'], 'The rules of the router.', 'key')],
      fixes: [...use, ...(service.ports.length > 1 ? [remove] : [])],
    },
  ];
}

function protocolProblem(
  port: ServicePortFact,
  rule: RuleFact,
  router: Known<RouterFacts>,
): Problem<RelationProblemCode> {
  const path = [...port.path, 'protocol'];
  const kind = port.isProtocolWritten ? 'replace' : 'add';
  return {
    code: 'service-protocol',
    severity: 'warning',
    path: port.isProtocolWritten ? path : [...port.path, 'port'],
    message: `The rule for port ${rule.port} of the router ${fullName(router.facts)} is for ${rule.protocol}, not for ${port.protocol}.`,
    related: [placeIn(router, [...rule.path, 'protocol'], 'The protocol of the rule.')],
    fixes: [{ title: `Use ${rule.protocol}`, edits: [{ kind, path, value: rule.protocol }] }],
  };
}

function targetPortProblem(
  port: ServicePortFact,
  router: Known<RouterFacts>,
  isPortMeant: boolean,
): Problem<RelationProblemCode> {
  const path = [...port.path, 'targetPort'];
  const candidates = isPortMeant ? [port.port] : sameProtocol(port, router.facts.rules);
  const { targetPort } = port;
  const message =
    typeof targetPort === 'string'
      ? `The pod of a router has no port named "${targetPort}": write the port of a rule.`
      : `Connections go to port ${targetPort ?? port.port} of the router ${fullName(router.facts)}, which has no rule for it; the rule is for port ${port.port}.`;
  return {
    code: 'service-target-port',
    severity: 'warning',
    path,
    message,
    related: [placeIn(router, ['spec', 'redirect', 'redirectRules'], 'The rules of the router.', 'key')],
    fixes: candidates
      .slice(0, 3)
      .map((value) => ({ title: `Use ${value}`, edits: [{ kind: 'replace', path, value }] })),
  };
}

function targetTextProblem({
  path,
  targetPort,
  isTargetText,
}: ServicePortFact): readonly Problem<RelationProblemCode>[] {
  if (isTargetText !== true || typeof targetPort !== 'number') return [];
  const at = [...path, 'targetPort'];
  const message = `"${targetPort}" is text, and an API server refuses it as the name of a port: write the number without quotes.`;
  const edits = [{ kind: 'replace', path: at, value: targetPort }] as const;
  const fixes: readonly Fix[] = [{ title: `Use ${targetPort}`, edits, isSafe: true }];
  return [{ code: 'service-target-port', severity: 'error', path: at, message, fixes }];
}

function sameProtocol(port: ServicePortFact, rules: readonly RuleFact[]): readonly number[] {
  return rules.filter((rule) => rule.protocol === port.protocol).map((rule) => rule.port);
}

/** What a rule answers on, and what a port of a Service leads to, as keys of sets: either may be many. */
function socketOf({ port, protocol }: RuleFact): string {
  return `${port}/${protocol}`;
}

function reachedBy(port: ServicePortFact): string {
  return `${targetOf(port)}/${port.protocol}`;
}

function targetOf(port: ServicePortFact): number | string {
  return port.targetPort ?? port.port;
}
