import { isExclusive } from '#core/attachment/address-question.ts';
import { type CniResult, toCniResult } from '#core/attachment/cni-result.ts';
import { mayHaveLeftovers } from '#core/attachment/detach.ts';
import type { LinkFacts, NodeFacts } from '#core/attachment/facts.ts';
import { toLinkBatch, toLinkCommand, toRouteBatch, toRouteUndo } from '#core/attachment/ip-batch.ts';
import { readLinks } from '#core/attachment/ip-json.ts';
import { nftUndo, toNftRuleset } from '#core/attachment/nft-ruleset.ts';
import {
  type AttachmentPlan,
  type FamilyPlan,
  planAttachment,
  temporaryLinkName,
} from '#core/attachment/plan.ts';
import { routerSysctls } from '#core/attachment/sysctl.ts';
import type { IfName } from '#core/net/ifname.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { ParsedNetConf } from '#core/netconf/parse.ts';
import { keepClaims } from './claims.ts';
import { detach } from './del.ts';
import { findOwners, holdAddresses, refuseOwners } from './duplicate-address.ts';
import { clusterLinkName, decode, readPodFacts } from './facts.ts';
import { CniFailure } from './failure.ts';
import { checkNetConf } from './invocation.ts';
import type { Completion } from './platform.ts';
import type { PodProcess } from './pod-process.ts';
import type { PreviousResult } from './prev-result.ts';
import { sysctlPath, writeSysctl } from './sysctl.ts';
import { explain, type Tools } from './tools.ts';
import { Undo } from './undo.ts';

/** ADD, inside the pod's namespace. Where it fails, the namespace is as it was. */
export async function add(
  pod: PodProcess,
  nodeFacts: () => Promise<NodeFacts>,
  config: ParsedNetConf,
  previous: PreviousResult | undefined,
  cniVersion: string,
): Promise<CniResult> {
  const plan = await makePlan(pod, nodeFacts, checkNetConf(config));
  const letGo = holdAddresses(pod, plan);
  const undo = new Undo();
  try {
    const link = await attach(pod, plan, undo);
    return toCniResult(cniVersion, plan, link, pod.target.netns, previous);
  } catch (error) {
    await undo.run((failure) => pod.log.write('error', `undoing: ${String(failure)}`));
    throw error;
  } finally {
    letGo();
  }
}

async function makePlan(
  pod: PodProcess,
  nodeFacts: () => Promise<NodeFacts>,
  conf: NetConf,
): Promise<AttachmentPlan> {
  const node = await nodeFacts();
  let facts = await pod.podFacts();
  if (mayHaveLeftovers(facts, pod.target.ifName, clusterLinkName())) {
    pod.log.write('warning', 'an earlier ADD or DEL may have been killed here; taking away what it left');
    if (await detach(pod, facts)) facts = await readPodFacts(pod.platform, pod.tools);
  }
  const planned = planAttachment(conf, { node, pod: facts }, pod.target.ifName);
  if (planned.kind === 'planned') return planned.plan;
  throw new CniFailure('attachment-refused', planned.problem.message, planned.problem.code);
}

/** The order is what keeps it safe: filtered before forwarding, and up only when both are set. */
async function attach(pod: PodProcess, plan: AttachmentPlan, undo: Undo): Promise<LinkFacts> {
  const { platform } = pod;
  const temporaryName = temporaryLinkName(platform.processId);
  const owners = findOwners(pod, plan);
  // It shares the lock on the pod, and whoever is told of an error may try again at once.
  undo.defer(() => owners);
  // Two links cannot share a NIC in that mode, nor can asking and making.
  if (isExclusive(plan.macvlan.mode)) refuseOwners(plan, await owners);
  await makeLinkAndRules(pod, plan, temporaryName, undo);
  for (const { key, value } of plan.podSysctls) {
    const before = plan.podSysctlsBefore.find((sysctl) => sysctl.key === key);
    if (before !== undefined) undo.defer(async () => writeSysctl(pod, key, before.value));
    writeSysctl(pod, key, value);
  }
  refuseOwners(plan, await owners);
  const takeBack = keepClaims(pod, plan);
  undo.defer(async () => takeBack());
  const link = await takeUp(pod, plan, temporaryName, undo);
  for (const family of plan.families) if (family.family === 6) await route(pod, plan, family, undo);
  return link;
}

/** The rules name interfaces, whether they are there or not, so neither has to wait for the other. */
async function makeLinkAndRules(
  pod: PodProcess,
  plan: AttachmentPlan,
  temporaryName: IfName,
  undo: Undo,
): Promise<void> {
  const { platform, tools } = pod;
  // The link has either name, whatever step fails; neither was there before.
  const links = `link del dev ${temporaryName}\nlink del dev ${plan.ifName}\n`;
  undo.defer(async () => {
    await tools.attempt('ip', ['-force', '-batch', '-'], links);
    // The rules go last: what the interface lets in, they keep out. DEL takes both, and knows the settings by them.
    const left = [temporaryName, plan.ifName].find((name) => isLink(pod, name));
    if (left !== undefined) throw new CniFailure('step-failed', `interface ${left} cannot be deleted`);
    await tools.attempt('nft', ['-f', '-'], nftUndo);
  });
  await together(makeLink(pod, plan, temporaryName), makeRules(pod, plan));
  const wantsIpv6 = plan.families.some(({ family }) => family === 6);
  for (const { key, value } of routerSysctls(temporaryName, wantsIpv6)) {
    if (platform.stat(sysctlPath(key)) !== undefined) writeSysctl(pod, key, value);
  }
}

async function makeRules({ tools, log }: PodProcess, plan: AttachmentPlan): Promise<void> {
  const purpose = 'install the firewall rules';
  const made = await tools.attempt('nft', ['-f', '-'], toNftRuleset(plan));
  if (made.kind === 'exited' && made.code === 0) return;
  const fault = explain(made, 'nft');
  if (!fault.includes('File exists')) {
    throw new CniFailure('step-failed', `cannot ${purpose}: ${fault}`, 'nft -f -');
  }
  // No router is here: an ADD was killed before it had a link, and no setting was changed.
  log.write('warning', 'an earlier ADD was killed; its firewall rules are replaced');
  await tools.run(purpose, 'nft', ['-f', '-'], [nftUndo, ...toNftRuleset(plan)]);
}

async function makeLink(
  { platform, tools, nodeNetns }: PodProcess,
  plan: AttachmentPlan,
  temporaryName: IfName,
): Promise<void> {
  const { master } = plan.macvlan;
  const inPod = `/proc/${platform.processId}/ns/net`;
  const command = toLinkCommand(plan, temporaryName, inPod);
  const made = await tools.attemptIn(nodeNetns, 'ip', command);
  if (made.kind === 'exited' && made.code === 0) return;
  const fault = explain(made, 'ip');
  const why = fault.includes('Device or resource busy')
    ? `; it belongs to a bridge or a bond, whose name is to be given instead, or another macvlan has it for itself (mode passthru)`
    : '';
  throw new CniFailure(
    'step-failed',
    `cannot create a macvlan on ${master}: ${fault}${why}`,
    `ip ${command.join(' ')}`,
  );
}

/**
 * Starts the link and sets the IPv4 routes, in one process.
 * @returns what has become of the link
 */
async function takeUp(
  { tools }: PodProcess,
  plan: AttachmentPlan,
  temporaryName: IfName,
  undo: Undo,
): Promise<LinkFacts> {
  const { master, mac } = plan.macvlan;
  const linkLines = `${toLinkBatch(plan, temporaryName)}address show dev ${plan.ifName}\n`;
  const routeLines = plan.families.map((family) => {
    if (family.family === 6) return '';
    deferRoutes(tools, plan, family, undo);
    return toRouteBatch(plan, family);
  });
  const args = ['-j', '-d', '-batch', '-'];
  const made = await tools.attempt('ip', args, `${linkLines}${routeLines.join('')}`);
  if (made.kind === 'exited' && made.code === 0) {
    const [link] = readLinks(decode(made.stdout));
    if (link !== undefined) return link;
    throw new CniFailure('step-failed', `interface ${plan.ifName} has gone`);
  }
  const fault = explain(made, 'ip');
  // EADDRINUSE: most often it is the router's own pod before this one, which has not ended.
  if (mac !== undefined && fault.includes('Address already in use')) {
    throw new CniFailure('try-again', `another interface on ${master} has MAC ${mac}`, fault);
  }
  const isOfRoutes = failedLine(made) >= linkLines.split('\n').length;
  const purpose = isOfRoutes ? 'set the IPv4 routes' : `configure interface ${plan.ifName}`;
  throw new CniFailure('step-failed', `cannot ${purpose}: ${fault}`, `ip ${args.join(' ')}`);
}

/** Of an input of `ip -batch -`, counted from 1; 0 where it does not say. */
function failedLine(completion: Completion): number {
  const said = completion.kind === 'exited' ? /Command failed -:([0-9]+)/.exec(completion.stderr) : null;
  return Number(said?.[1] ?? 0);
}

async function route(
  { tools }: PodProcess,
  plan: AttachmentPlan,
  family: FamilyPlan,
  undo: Undo,
): Promise<void> {
  deferRoutes(tools, plan, family, undo);
  const flag = `-${family.family}`;
  const purpose = `set the IPv${family.family} routes`;
  await tools.run(purpose, 'ip', [flag, '-batch', '-'], toRouteBatch(plan, family));
}

function deferRoutes(tools: Tools, plan: AttachmentPlan, family: FamilyPlan, undo: Undo): void {
  const args = [`-${family.family}`, '-force', '-batch', '-'];
  undo.defer(() => tools.attempt('ip', args, toRouteUndo(plan, family)));
}

function isLink({ platform }: PodProcess, name: string): boolean {
  return platform.stat(sysctlPath(`ipv4/conf/${name}`)) !== undefined;
}

/** Ends when all of the steps have ended, so that none is at work while they are taken back. */
async function together(...steps: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(steps)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
