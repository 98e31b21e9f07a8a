import { readAskers, toWatchRuleset } from '#core/attachment/address-askers.ts';
import {
  type AddressOwner,
  type AddressQuestion,
  parseQuestion,
  toQuestion,
} from '#core/attachment/address-question.ts';
import {
  parseOwners,
  pauseMs,
  questionSysctls,
  readNeighbors,
  toQuestionBatch,
  toStartBatch,
} from '#core/attachment/duplicate-address.ts';
import { readLinks } from '#core/attachment/ip-json.ts';
import { type AttachmentPlan, temporaryLinkName } from '#core/attachment/plan.ts';
import type { IfName } from '#core/net/ifname.ts';
import { findClaimants, holdName, nodeOf } from './claims.ts';
import { nodeNetnsVariable } from './enter-pod.ts';
import { decode } from './facts.ts';
import { CniFailure } from './failure.ts';
import type { Log } from './log.ts';
import type { Platform } from './platform.ts';
import type { PodProcess } from './pod-process.ts';
import { sysctlPath, writeSysctl } from './sysctl.ts';
import { explain, type Tools } from './tools.ts';

/** Set only for the third process of an ADD: this same executable, in an empty namespace of its own. */
export const askingVariable = 'EGRESS_ROUTER_ASKING';

/**
 * Asks the network who has the plan's addresses, while the pod is made ready for them. That is done in a
 * namespace which nothing leads to, and which ends with the process in it, whatever happens to this one.
 * Never rejects: where this node cannot ask, that is said, and ADD goes on.
 */
export async function findOwners(pod: PodProcess, plan: AttachmentPlan): Promise<readonly AddressOwner[]> {
  const question = toQuestion(plan);
  if (question === undefined) return [];
  const [known, heard] = await Promise.all([
    findClaimants(pod, plan, question.ips),
    hearOwners(pod, question),
  ]);
  const isKnown = (owner: AddressOwner): boolean =>
    known.some(({ ip, mac }) => ip === owner.ip && mac === owner.mac);
  return [...known, ...heard.filter((owner) => !isKnown(owner))];
}

async function hearOwners(pod: PodProcess, question: AddressQuestion): Promise<readonly AddressOwner[]> {
  const { platform, tools, nodeNetns } = pod;
  const asked = await tools.spawn('unshare', {
    args: ['--net', '--', `/proc/${platform.processId}/exe`],
    stdin: JSON.stringify(question),
    env: { [askingVariable]: '1', [nodeNetnsVariable]: nodeNetns },
    timeoutMs: question.timeoutMs + timeToSpareMs,
  });
  if (asked.kind === 'exited' && asked.code === 0) return parseOwners(decode(asked.stdout));
  const warning = `cannot look for other owners of the addresses: ${explain(asked, 'unshare')}`;
  pod.log.write('warning', warning);
  platform.writeStderr(`egress-router: ${warning}\n`);
  return [];
}

/**
 * Two pods of a node that ask at the same moment would both hear nothing, and each claim the address.
 * @returns what is to be done once it is claimed
 * @throws CniFailure where another ADD is at work with one of the addresses
 */
export function holdAddresses(pod: PodProcess, plan: AttachmentPlan): () => void {
  const ips = toQuestion(plan)?.ips ?? [];
  const held: (() => void)[] = [];
  const letGo = (): void => {
    for (const release of held) release();
  };
  for (const ip of ips) {
    const release = pod.platform.hold(holdName(nodeOf(pod), ip));
    if (release === undefined) {
      letGo();
      throw new CniFailure('try-again', `another ADD on this node is at work with address ${ip}`);
    }
    held.push(release);
  }
  return letGo;
}

/** For making the link and for a slow node. */
const timeToSpareMs = 10_000;

/** @throws CniFailure that names them, unless there are none */
export function refuseOwners(plan: AttachmentPlan, owners: readonly AddressOwner[]): void {
  const [asking] = owners;
  if (asking === undefined) return;
  const { master, mac } = plan.macvlan;
  const owning = owners.filter(({ isAsking }) => isAsking !== true);
  if (owning.length === 0) {
    throw new CniFailure(
      'try-again',
      `address ${asking.ip} is being asked for by another machine at this moment, by MAC ${asking.mac}`,
      `on the network of ${master}`,
    );
  }
  throw new CniFailure(
    'address-in-use',
    owning
      .map(
        (owner) => `address ${owner.ip} is in use: ${owner.mac} on the network of ${master} answers for it`,
      )
      .join('; '),
    [
      ...(owning.some((owner) => owner.mac === mac)
        ? ["that is this router's own MAC: a pod of it is still there, or another router has the same MAC"]
        : []),
      ...new Set(
        owning.flatMap(({ netns }) =>
          netns === undefined ? [] : [`a pod of this node has it, in network namespace ${netns}`],
        ),
      ),
    ].join('; '),
  );
}

/** The third process: prints the owners as JSON. @returns the exit code */
export async function askNetwork(platform: Platform, tools: Tools, log: Log, node: string): Promise<number> {
  const question = parseQuestion(decode(platform.readStdin()));
  if (question === undefined) throw new CniFailure('internal', 'there is no question to ask');
  try {
    platform.writeStdout(`${JSON.stringify(await ask(platform, tools, log, node, question))}\n`);
    return 0;
  } catch (error) {
    platform.writeStderr(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function ask(
  platform: Platform,
  tools: Tools,
  log: Log,
  nodeNetns: string,
  question: AddressQuestion,
): Promise<readonly AddressOwner[]> {
  const link = temporaryLinkName(platform.processId);
  const { master, mode, timeoutMs } = question;
  const here = `/proc/${platform.processId}/ns/net`;
  const add = ['link', 'add', 'link', master, 'name', link, 'netns', here, 'type', 'macvlan', 'mode', mode];
  const purpose = `create a macvlan on ${master}`;
  // Both at once. Where `nft` cannot do it, owners are found all the same.
  const watching = tools.attempt('nft', ['-f', '-'], toWatchRuleset(question));
  try {
    await tools.runIn(nodeNetns, purpose, 'ip', add);
  } finally {
    await watching;
  }
  for (const { key, value } of questionSysctls(question, link)) {
    if (platform.stat(sysctlPath(key)) !== undefined) writeSysctl({ platform, log }, key, value);
  }
  await tools.run(
    'start it',
    'ip',
    ['-batch', '-'],
    toStartBatch(question, link, platform.processId ^ platform.now()),
  );
  await tools.run('use the neighbor table', 'ip', ['-batch', '-'], toQuestionBatch(question, link));
  // From here: on a node that is busy, `ip` itself takes its time.
  const deadline = platform.now() + timeoutMs;
  for (let isLast = false; ; ) {
    const shown = await tools.run('read the neighbor table', 'ip', ['-j', 'neigh', 'show', 'dev', link]);
    const owners = readNeighbors(decode(shown.trim() === '' ? '[]' : shown)).filter(({ ip }) =>
      question.ips.includes(ip),
    );
    const left = deadline - platform.now();
    if (isLast || left <= 0) {
      const found = owners.length > 0 ? owners : await readWatch(tools, link, question);
      // Else the kernel takes its time with it, as with all that a namespace leaves.
      if (mode === 'passthru') await tools.run('delete it', 'ip', ['link', 'del', 'dev', link]);
      return found;
    }
    // Where one has answered, the others have a moment more, so that the error names all.
    isLast = owners.length > 0;
    await platform.sleep(Math.min(left, pauseMs(question)));
  }
}

/** Others that have asked meanwhile, but for what a network has sent back of our own questions. */
async function readWatch(
  tools: Tools,
  link: IfName,
  question: AddressQuestion,
): Promise<readonly AddressOwner[]> {
  const listed = await tools.attempt('nft', ['-j', 'list', 'ruleset']);
  if (listed.kind !== 'exited' || listed.code !== 0) return [];
  const askers = readAskers(question, decode(listed.stdout));
  if (askers.length === 0) return [];
  const shown = await tools.run('read its MAC', 'ip', ['-j', 'link', 'show', 'dev', link]);
  const [own] = readLinks(decode(shown));
  return askers.filter(({ mac }) => mac !== own?.mac);
}
