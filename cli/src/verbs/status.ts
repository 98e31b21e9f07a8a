import type { RouterView } from '#cluster/view.ts';
import { formatData, formatTable } from '../format.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const status: Verb = {
  usage: `Usage: egress-router status [NAME] [options]

Shows the routers of the namespace, or one of them. With NAME, exits 1 unless that router is up.

  -A, --all-namespaces
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      'all-namespaces': { type: 'boolean', short: 'A' },
    });
    const format = readFormat(values.output, outputs);
    const name =
      positionals.length === 0
        ? undefined
        : readName('an egress router', readOne('an egress router', positionals));
    return withSession(values, io, async (session) => {
      const { routers, scope } = await session.status(
        {
          ...(values['all-namespaces'] === true ? {} : { namespace: session.namespace }),
          ...(name === undefined ? {} : { name }),
        },
        io.signal,
      );
      if (values['all-namespaces'] === true && scope.kind === 'namespaces') {
        io.stderr(
          `You may not list all namespaces: these are those of ${scope.namespaces.join(', ')} alone.\n`,
        );
      }
      if (format !== 'table') io.stdout(formatData({ routers }, format));
      else if (routers.length > 0) io.stdout(formatTable([header, ...routers.map(toRow)]));
      else io.stderr('There are no egress routers here.\n');
      const isUp = routers.every(({ state }) => state.kind === 'ready' || state.kind === 'simulated');
      return name !== undefined && !isUp ? 1 : 0;
    });
  },
};

const header = ['NAMESPACE', 'NAME', 'STATE', 'ADDRESS', 'RULES', 'POD', 'SERVICE', 'MESSAGE'];

function toRow({ namespace, name, state, addresses, rules, pods, services }: RouterView): readonly string[] {
  return [
    namespace,
    name,
    state.kind,
    addresses.map(({ ip }) => ip).join(','),
    String(rules.length),
    pods.map((pod) => pod.name).join(',') || '-',
    services.map((service) => service.name).join(',') || '-',
    state.kind === 'ready' ? '' : state.message,
  ];
}
