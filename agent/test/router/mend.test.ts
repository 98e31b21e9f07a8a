import { expect, test } from 'vitest';
import { type KnownChains, learnChains } from '#agent/router/mend.ts';
import { type NftChain, toChains } from '#core/attachment/nft-ruleset.ts';
import { parseIfName } from '#core/net/ifname.ts';

const [ifName, clusterLink] = [parseIfName('net1'), parseIfName('eth0')];
if (ifName === undefined || clusterLink === undefined) throw new Error('unreachable');
const plan = { ifName, clusterLink, families: [], rules: [], fallbacks: {}, localPorts: [] };
const none: KnownChains = new Map();

/** A line for the hook and one for each rule, in words of the kernel's own. */
function listed({ hook = '', rules }: NftChain): string {
  return [hook, ...rules].map((line) => JSON.stringify(line)).join('\n');
}

function chainsWith(change: (text: string) => string): ReadonlyMap<string, string> {
  return new Map(
    toChains(plan).map((chain) => [
      chain.name,
      chain.name === 'forward' ? change(listed(chain)) : listed(chain),
    ]),
  );
}

test('chains are known by what was listed once they were written', () => {
  const known = learnChains(plan, { chains: chainsWith((text) => text) }, none);
  expect([...known.keys()]).toEqual(toChains(plan).map(({ name }) => name));
});

test.each([
  ['a rule more', (text: string) => `${text}\n"iifname \\"net1\\" accept"`],
  ['a rule less', (text: string) => text.slice(0, text.lastIndexOf('\n'))],
])('a chain that has %s by then is not taken for what was written', (_, change) => {
  const known = learnChains(plan, { chains: chainsWith(change) }, none);
  expect([...known.keys()]).toEqual(toChains(plan).flatMap(({ name }) => (name === 'forward' ? [] : [name])));
});

test('what a chain is known by stays, whatever is listed after it was put back', () => {
  const known = learnChains(plan, { chains: chainsWith((text) => text) }, none);
  const changed = chainsWith((text) => text.replace('drop', 'accept'));
  expect(learnChains(plan, { chains: changed }, known)).toEqual(known);
});
