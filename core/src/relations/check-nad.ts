import { nadName } from '#core/manifest/names.ts';
import { ipOf } from '#core/net/cidr.ts';
import { formatDestination } from '#core/netconf/format.ts';
import type { Fix, Path, Problem, RelatedPlace } from '#core/problem.ts';
import type { Known, NadConfigFacts, NadFacts, RouterFacts, RuleFact } from './facts.ts';
import { fullName, placeIn } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';

/** The NAD that a reconciler makes of a router, where a person keeps one too. */
export function checkNad(self: Known<NadFacts>, index: RelationIndex): Problem<RelationProblemCode>[] {
  const router = index.routerFor(self);
  if (router === undefined || self.facts.name !== nadName) return [];
  const { config, isOwned } = self.facts;
  const beside: Problem<RelationProblemCode> = {
    code: 'nad-beside-router',
    severity: 'information',
    path: ['metadata', 'name'],
    message: `The NAD ${nadName} is made from the router ${fullName(router.facts)} and kept as the router is: what is written here gets lost. Leave it out.`,
    related: [placeIn(router, ['metadata', 'name'], 'The router.')],
  };
  return [
    ...(isOwned || !index.areInOneFile(self, router) ? [] : [beside]),
    ...(config === undefined || !router.facts.isWhole || router.facts.hasOtherAddresses === true
      ? []
      : checkConfig(config, router)),
  ];
}

function checkConfig(config: NadConfigFacts, router: Known<RouterFacts>): Problem<RelationProblemCode>[] {
  return [...checkAddress(config, router), ...checkRules(config, router)];
}

/** By the first address only: the Cluster Network Operator takes no other. */
function checkAddress(config: NadConfigFacts, router: Known<RouterFacts>): Problem<RelationProblemCode>[] {
  const [written] = config.addresses;
  const [wanted] = router.facts.addresses;
  if (written === undefined || wanted === undefined) return [];
  const problems: Problem<RelationProblemCode>[] = [];
  if (written.address !== wanted.address) {
    const place = placeIn(router, [...wanted.path, 'ip'], 'The address of the router.');
    const text = `The router ${fullName(router.facts)} has the address ${wanted.address}, not ${written.address}.`;
    problems.push(disagreement(written.path, text, place, use(wanted.address, written.path)));
  }
  const { gateway } = wanted;
  if (gateway === undefined || written.gateway === gateway) return problems;
  const place = placeIn(router, [...wanted.path, 'gateway'], 'The gateway of the router.');
  const of = `The router ${fullName(router.facts)} has the gateway ${gateway} for ${ipOf(wanted.address)}`;
  problems.push(
    written.gateway === undefined
      ? disagreement(config.addressesPath, `${of}; the NAD has none.`, place)
      : disagreement(
          config.gatewayPath,
          `${of}, not ${written.gateway}.`,
          place,
          use(gateway, config.gatewayPath),
        ),
  );
  return problems;
}

function checkRules(config: NadConfigFacts, router: Known<RouterFacts>): Problem<RelationProblemCode>[] {
  const { rules } = router.facts;
  const wrong = config.rules.flatMap((written) => {
    if (rules.some((rule) => isSameRule(rule, written))) return [];
    const meant = rules.find((rule) => isSamePort(rule, written));
    const text = formatDestination(written);
    return [
      meant === undefined
        ? disagreement(
            written.path,
            `The router ${fullName(router.facts)} has no rule for ${written.port}/${written.protocol}.`,
            placeIn(router, ['spec', 'redirect'], 'The rules of the router.', 'key'),
            { title: `Remove "${text}"`, edits: [{ kind: 'remove', path: written.path }] },
          )
        : disagreement(
            written.path,
            `The rule of the router ${fullName(router.facts)} is "${formatDestination(meant)}", not "${text}".`,
            placeIn(router, meant.path, 'The rule of the router.'),
            use(formatDestination(meant), written.path),
          ),
    ];
  });
  const [lacking] = rules.filter((rule) => !config.rules.some((written) => isSamePort(rule, written)));
  if (lacking === undefined) return wrong;
  const message = `The router ${fullName(router.facts)} has the rule "${formatDestination(lacking)}"; the NAD has none for ${lacking.port}/${lacking.protocol}.`;
  const place = placeIn(router, lacking.path, 'The rule of the router.');
  return [...wrong, { ...disagreement(config.destinationsPath, message, place), at: 'key' }];
}

function disagreement(
  path: Path,
  message: string,
  related: RelatedPlace,
  fix?: Fix,
): Problem<RelationProblemCode> {
  return {
    code: 'nad-disagrees',
    severity: 'warning',
    path,
    message,
    related: [related],
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

function use(value: string, path: Path): Fix {
  return { title: `Use ${value}`, edits: [{ kind: 'replace', path, value }] };
}

function isSamePort(rule: RuleFact, other: RuleFact): boolean {
  return (
    rule.port === other.port &&
    rule.protocol === other.protocol &&
    rule.destination.includes(':') === other.destination.includes(':')
  );
}

function isSameRule(rule: RuleFact, other: RuleFact): boolean {
  return (
    isSamePort(rule, other) && rule.destination === other.destination && rule.targetPort === other.targetPort
  );
}
