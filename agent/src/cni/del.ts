import { planDetach, readSavedSysctls } from '#core/attachment/detach.ts';
import type { PodFacts } from '#core/attachment/facts.ts';
import { nftTable, nftUndo } from '#core/attachment/nft-ruleset.ts';
import { ipOf } from '#core/net/cidr.ts';
import { forgetClaims, ownInode } from './claims.ts';
import { clusterLinkName, decode } from './facts.ts';
import { isFields } from './invocation.ts';
import type { PodProcess } from './pod-process.ts';
import { writeSysctl } from './sysctl.ts';
import type { Tools } from './tools.ts';

/** DEL, inside the pod's namespace: leaves it as it was before ADD, also when ADD was killed or DEL ran before. */
export async function del(pod: PodProcess): Promise<void> {
  const facts = await pod.podFacts();
  await detach(pod, facts);
  const others = facts.links.filter(({ name }) => name !== pod.target.ifName);
  const left = others.flatMap(({ addresses }) => addresses.map(ipOf));
  forgetClaims(pod.platform, { inode: ownInode(pod.platform), left });
}

/** @returns whether there was anything to take away */
export async function detach(pod: PodProcess, facts: PodFacts): Promise<boolean> {
  const { tools } = pod;
  const plan = planDetach(facts, pod.target.ifName, clusterLinkName(), await readSaved(tools));
  for (const link of plan.links) {
    await tools.run(`delete interface ${link}`, 'ip', ['link', 'del', 'dev', link]);
  }
  for (const { family, text } of plan.batches) {
    await tools.run(`remove the IPv${family} routes`, 'ip', [`-${family}`, '-batch', '-'], text);
  }
  for (const { key, value } of plan.sysctls) writeSysctl(pod, key, value);
  if (plan.hasTable) await tools.run('remove the firewall rules', 'nft', ['-f', '-'], nftUndo);
  return plan.links.length + plan.batches.length + plan.sysctls.length > 0 || plan.hasTable;
}

async function readSaved(tools: Tools): Promise<ReadonlyMap<number, number> | undefined> {
  const purpose = 'read the firewall rules of the pod';
  const tables = decode(await tools.run(purpose, 'nft', ['-j', 'list', 'tables', 'inet']));
  if (!hasTable(tables)) return undefined;
  return readSavedSysctls(
    decode(await tools.run(purpose, 'nft', ['-j', 'list', 'map', 'inet', nftTable, 'sysctls_before'])),
  );
}

function hasTable(value: unknown): boolean {
  const list = isFields(value) ? value['nftables'] : undefined;
  return (
    Array.isArray(list) &&
    list.some((item) => {
      const table = isFields(item) ? item['table'] : undefined;
      return isFields(table) && table['name'] === nftTable;
    })
  );
}
