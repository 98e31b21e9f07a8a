import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toQuestion } from '#core/attachment/address-question.ts';
import { questionSysctls, toQuestionBatch } from '#core/attachment/duplicate-address.ts';
import { toLinkBatch, toLinkCommand, toRouteBatch, toRouteUndo } from '#core/attachment/ip-batch.ts';
import { readLinks, readRoutes } from '#core/attachment/ip-json.ts';
import { toNftRuleset } from '#core/attachment/nft-ruleset.ts';
import { type AttachmentPlan, planAttachment } from '#core/attachment/plan.ts';
import { routerSysctls } from '#core/attachment/sysctl.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { formatNetConf } from '#core/netconf/format.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { netConfs } from '../netconf/netconf-values.ts';
import { dualConfig, ifName, nodeFacts, planOf, podFacts, podLinks, podRoutes4 } from './sample.ts';

/** Everything that a plan becomes text of. */
function textsOf(plan: AttachmentPlan): readonly string[] {
  const temporary = ifName('ert-7');
  const question = toQuestion(plan);
  return [
    ...toNftRuleset(plan),
    toLinkCommand(plan, temporary, '/proc/7/ns/net').join(' '),
    toLinkBatch(plan, temporary),
    ...plan.families.flatMap((family) => [toRouteBatch(plan, family), toRouteUndo(plan, family)]),
    ...(question === undefined
      ? []
      : [
          question.master,
          toQuestionBatch(question, temporary),
          ...questionSysctls(question, temporary).map((sysctl) => sysctl.key),
        ]),
    ...routerSysctls(temporary, true).map((sysctl) => sysctl.key),
  ];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s{};,"]+/).filter((word) => word !== '');
}

const vocabulary = new Set(
  textsOf(planOf(dualConfig))
    .flatMap(wordsOf)
    .filter((word) => !isValue(word)),
);

function isValue(word: string): boolean {
  const parsed = parseIp(word) ?? parseCidr(word) ?? parseMac(word);
  return /^[0-9]+$/.test(word) || parsed !== undefined;
}

test('every word of the text is of a fixed vocabulary, a number, an address, or the name of a link', () => {
  const extra = ['bridge', 'private', 'vepa', 'passthru', 'metric', 'onlink', 'inet6', 'mtu', 'address'];
  fc.assert(
    fc.property(netConfs, (conf) => {
      const { master } = conf.macvlan;
      const known = readLinks([{ ifname: master ?? 'enp1s0', mtu: 65535 }]);
      const facts = {
        node: { links: known, defaultRouteLinks: known.map(({ name }) => name) },
        pod: podFacts(),
      };
      const planned = planAttachment(conf, facts, ifName('net1'));
      if (planned.kind === 'refused') {
        expect(planned.problem.code).toBe('mtu-too-small');
        return;
      }
      const allowed = new Set([...vocabulary, ...extra, planned.plan.macvlan.master]);
      const strange = textsOf(planned.plan)
        .flatMap(wordsOf)
        .filter((word) => !allowed.has(word) && !isValue(word));
      expect(strange).toEqual([]);
    }),
  );
});

/** Strings that would do something in an nft ruleset, an `ip` batch, a shell or a path. */
const hostile = fc
  .tuple(
    fc.constantFrom(
      '',
      '80 TCP ',
      '192.168.12.99/24',
      '203.0.113.25',
      'net1',
      'fd12::99',
      '1.0.0',
      'bridge',
      '80',
    ),
    fc.constantFrom('\n', '; ', '"', '\\', '$(', '`', ' } ', ' # ', '\0', '/../', ' -', '\u2028', '%0a', "'"),
    fc.stringMatching(/^[ -~\n]{4,20}$/),
  )
  .map((parts) => parts.join(''));

test('a string of the configuration reaches the text only through a parser', () => {
  fc.assert(
    fc.property(netConfs, hostile, fc.nat(), (conf, text, index) => {
      const document = JSON.parse(JSON.stringify(formatNetConf(conf)));
      replaceString(document, text, index);
      const { conf: accepted } = parseNetConf(document);
      if (accepted === undefined) return;
      const planned = planAttachment(accepted, { node: nodeFacts(), pod: podFacts() }, ifName('net1'));
      if (planned.kind === 'refused') return;
      for (const written of textsOf(planned.plan)) {
        expect(written).not.toContain(text);
        expect(written).toMatch(/^[\t\n -~]*$/);
      }
    }),
    { numRuns: 500 },
  );
});

test('what the node and the pod are called reaches the text only through a parser', () => {
  fc.assert(
    fc.property(hostile, fc.nat(), (text, index) => {
      const links = structuredClone(podLinks);
      const routes = structuredClone(podRoutes4);
      replaceString({ links, routes }, text, index);
      const pod = podFacts({ links: readLinks(links), routes: readRoutes(routes, 4) });
      const { conf } = parseNetConf(dualConfig);
      if (conf === undefined) throw new Error('the sample is not valid');
      const planned = planAttachment(conf, { node: nodeFacts(), pod }, ifName('net1'));
      if (planned.kind === 'refused') return;
      for (const written of textsOf(planned.plan)) expect(written).not.toContain(text);
    }),
  );
});

/** Puts the text in the place of one string somewhere in the value. */
function replaceString(value: object, text: string, index: number): void {
  const places: (() => void)[] = [];
  const visit = (parent: object): void => {
    for (const [key, child] of Object.entries(parent)) {
      if (typeof child === 'string') places.push(() => Object.assign(parent, { [key]: text }));
      else if (typeof child === 'object' && child !== null) visit(child);
    }
  };
  visit(value);
  places[index % places.length]?.();
}
