import type { LiveTable } from '#core/attachment/nft-reload.ts';
import {
  fallbackMark,
  portKey,
  portMark,
  type RulesetPlan,
  toElements,
} from '#core/attachment/nft-ruleset.ts';
import { type Ip4, type Ip6, type IpFamily, isIp4, parseIp } from '#core/net/ip.ts';
import { parsePortText } from '#core/net/port.ts';
import { protocolNumbers, protocols } from '#core/net/protocol.ts';
import type { RunCommand } from './run-command.ts';

/**
 * The rules that a table which is gone must have had, as far as it matters for what is live: those of the plan, but
 * where a connection goes elsewhere. For a process that has not seen that table itself.
 */
export async function rulesOfConnections(
  run: RunCommand,
  plan: RulesetPlan,
): Promise<Pick<LiveTable, 'elements' | 'fallbacks'>> {
  const lists = await Promise.all(
    ([4, 6] as const).map(async (family) => {
      const listed = await run('conntrack', ['-L', '-f', `ipv${family}`]);
      return listed.kind === 'exited' && listed.code === 0 ? { family, text: listed.stdout } : undefined;
    }),
  );
  return toRules(
    plan,
    lists.flatMap((list) => list ?? []),
  );
}

export function toRules(
  plan: Pick<RulesetPlan, 'rules' | 'fallbacks' | 'localPorts'>,
  lists: readonly { readonly family: IpFamily; readonly text: string }[],
): Pick<LiveTable, 'elements' | 'fallbacks'> {
  const wanted = toElements(plan);
  const dnat = { 4: new Map(wanted.dnat4), 6: new Map(wanted.dnat6) } as const;
  const localPorts = new Map(wanted.local_ports);
  const fallbacks: { v4?: Ip4; v6?: Ip6 } = { ...plan.fallbacks };
  for (const { family, text } of lists) {
    for (const { key, ruleMark, mark, ip, port } of text
      .split('\n')
      .flatMap((line) => readLine(line, family) ?? [])) {
      if (mark === ruleMark) {
        const target = `${ip} . ${port}`;
        if (wanted[`dnat${family}`].get(key) !== target) dnat[family].set(key, target);
      } else if (mark === fallbackMark) {
        // A port that has a rule now, or is the pod's own, had none.
        dnat[family].delete(key);
        localPorts.delete(key);
        if (isIp4(ip)) {
          if (ip !== plan.fallbacks.v4) fallbacks.v4 = ip;
        } else if (ip !== plan.fallbacks.v6) fallbacks.v6 = ip;
      }
    }
  }
  return {
    elements: { ...wanted, dnat4: dnat[4], dnat6: dnat[6], local_ports: localPorts },
    fallbacks,
  };
}

/** `udp 17 29 src=CLIENT dst=POD sport=N dport=PORT src=TARGET dst=POD sport=TARGET_PORT dport=N mark=M use=1` */
function readLine(line: string, family: IpFamily) {
  const fields = [...line.matchAll(/ (src|sport|dport|mark)=(\S+)/g)];
  const all = (name: string): readonly string[] =>
    fields.flatMap(([, key, value = '']) => (key === name ? [value] : []));
  const number = /^\S+ +([0-9]+) /.exec(line)?.[1];
  const protocol = protocols.find((one) => String(protocolNumbers[one]) === number);
  const ip = parseIp(all('src')[1] ?? '');
  const [local, target] = [parsePortText(all('dport')[0] ?? ''), parsePortText(all('sport')[1] ?? '')];
  if (protocol === undefined || ip === undefined || local === undefined || target === undefined) return;
  return {
    key: portKey({ protocol, port: local }),
    ruleMark: portMark(family, { protocol, port: local }),
    mark: Number(all('mark')[0] ?? 0),
    ip,
    port: target,
  };
}
