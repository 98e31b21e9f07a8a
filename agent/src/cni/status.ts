import type { PodFacts } from '#core/attachment/facts.ts';
import { readLinks } from '#core/attachment/ip-json.ts';
import { toNftRuleset } from '#core/attachment/nft-ruleset.ts';
import { type AttachmentPlan, planAttachment } from '#core/attachment/plan.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { readNodeFacts } from './facts.ts';
import { CniFailure } from './failure.ts';
import type { Platform } from './platform.ts';
import { explain, type Tools } from './tools.ts';

/**
 * STATUS, on the node: whether an ADD of this configuration would succeed in a pod as pods are. What can be tried
 * is tried, in a namespace that ends with the trial.
 * @throws CniFailure naming what is not there
 */
export async function status(platform: Platform, tools: Tools, conf: NetConf): Promise<void> {
  const missing = (['ip', 'nft'] as const).filter((tool) => tools.find(tool) === undefined);
  if (missing.length > 0) {
    throw new CniFailure('not-available', `not installed on this node: ${missing.join(', ')}`);
  }
  const node = await readNodeFacts(tools, '/proc/self/ns/net', conf.macvlan.master);
  const planned = planAttachment(conf, { node, pod: usualPod(platform) }, toName('net1'));
  if (planned.kind === 'refused') {
    throw new CniFailure('not-available', planned.problem.message, planned.problem.code);
  }
  const { master } = planned.plan.macvlan;
  if (node.links.find((link) => link.name === master)?.isUp === false) {
    // SPEC §2 STATUS: 51 where pods that are attached already are affected as well.
    throw new CniFailure('limited-connectivity', `macvlan master ${master} is down`);
  }
  // Without it nothing can be tried, and ADD does without it as well.
  if (tools.find('unshare') === undefined) return;
  await Promise.all([tryMacvlan(tools), tryRules(tools, planned.plan)]);
}

const trialLinks = 'link add ert-a type veth peer name ert-b\nlink add link ert-a name ert-c type macvlan\n';

async function tryMacvlan(tools: Tools): Promise<void> {
  const args = ['--net', '--', tools.pathOf('ip'), '-batch', '-'];
  const tried = await tools.attempt('unshare', args, trialLinks);
  if (tried.kind === 'exited' && tried.code === 0) return;
  throw new CniFailure('not-available', `cannot make a macvlan on this node: ${explain(tried, 'ip')}`);
}

async function tryRules(tools: Tools, plan: AttachmentPlan): Promise<void> {
  const args = ['--net', '--', tools.pathOf('nft'), '-f', '-'];
  const tried = await tools.attempt('unshare', args, toNftRuleset(plan));
  if (tried.kind === 'exited' && tried.code === 0) return;
  const fault = explain(tried, 'nft');
  throw new CniFailure('not-available', `cannot install the firewall rules on this node: ${fault}`);
}

function usualPod(platform: Platform): PodFacts {
  const hasIpv6 = platform.stat('/proc/sys/net/ipv6') !== undefined;
  const links = readLinks([{ ifname: clusterIfName, flags: ['UP'] }]);
  return { links, routes: [], rules: [], hasIpv6, sysctls: new Map() };
}

function toName(text: string): IfName {
  const name = parseIfName(text);
  if (name === undefined) throw new CniFailure('internal', `${text} is no interface name`);
  return name;
}
