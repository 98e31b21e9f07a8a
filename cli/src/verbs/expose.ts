import type { ExposeOptions, ExposePlan } from '#cluster/api.ts';
import { optionPrefix } from '#core/egress-router/options.ts';
import { readService as readServiceFacts } from '#core/service/parse.ts';
import { confirm } from '../ask.ts';
import { formatData, formatPlan } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { inOneLine, oneLine } from '../printable.ts';
import { readDocuments } from '../router-documents.ts';
import { forceOptions, forceUsage, runOptions, runUsage, toRunOptions } from '../run-options.ts';
import { clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const expose: Verb = {
  usage: `Usage: egress-router expose NAME [options]

Makes a Service of the router's name with a port for each rule, or brings it in step with the rules. What was edited
of it, such as its type or a port of another number, stays as long as a rule leads on from it.

      --port PORT[/PROTOCOL]
                         a port that the fallback takes; for a router without rules, the one to expose. May be
                         given several times; TCP without a protocol
      --service FILE|-   the Service as you have edited it, for example what --dry-run -o yaml prints
${runUsage}
${forceUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...runOptions,
      ...forceOptions,
      port: { type: 'string', multiple: true },
      service: { type: 'string' },
    });
    const format = readFormat(values.output, outputs);
    const name = readName('an egress router', readOne('an egress router', positionals));
    const options: ExposeOptions = {
      signal: io.signal,
      ports: (values.port ?? []).map(readPort),
      ...(values.service === undefined ? {} : { service: await readService(values.service, io) }),
    };
    return withSession(values, io, async (session) => {
      const router = { namespace: session.namespace, name };
      const plan = await session.planExpose(router, options);
      if (plan.refused !== undefined) {
        io.stderr(`${oneLine(plan.refused)}${plan.needsPort === true ? ' Give it with --port.' : ''}\n`);
        return 1;
      }
      if (plan.annotation === 'kept-by-operator') {
        io.stderr(
          `The operator keeps this Service in step with the rules, as the annotation ${optionPrefix}expose of the router asks.\n`,
        );
      }
      for (const warning of plan.warnings) io.stderr(`warning: ${oneLine(warning)}\n`);
      if (values['dry-run'] === true) {
        io.stdout(
          format === 'table'
            ? `${formatPlan(plan)}\n${willCall(plan)}`
            : formatData(plan.items[0]?.wanted, format),
        );
        return plan.items.some(({ kind }) => kind === 'conflict') && values.force !== true ? 1 : 0;
      }
      io.stderr(`${formatPlan(plan)}\n`);
      const force = await mayForce(plan, values.force, io);
      if (force === undefined) return 1;
      const result = await session.expose(plan, { ...toRunOptions(io), force });
      const host = `${result.service.name}.${result.service.namespace}.svc`;
      const calls = result.ports.map(({ protocol, port }) => `${host}:${port} (${protocol})`).join(', ');
      io.stdout(
        format === 'table'
          ? `${calls === '' ? 'No port of the Service leads to a rule' : `Clients call ${calls}`}${addressText(result.addresses)}.\n`
          : formatData(result, format),
      );
      return 0;
    });
  },
};

/** Of a dual-stack Service both. */
function addressText(addresses: readonly string[]): string {
  if (addresses.length === 0) return '';
  return `, ${addresses.length === 1 ? 'address' : 'addresses'} ${addresses.join(' and ')}`;
}

/** What the result of the same without --dry-run says. */
function willCall({ items, unserved = [] }: ExposePlan): string {
  const { name, namespace, ports } = readServiceFacts(items[0]?.wanted) ?? { ports: [] };
  const served = ports.filter(
    ({ port, protocol }) => !unserved.some((one) => one.port === port && one.protocol === protocol),
  );
  const calls = served.map(({ port, protocol }) => `${name}.${namespace}.svc:${port} (${protocol})`);
  return calls.length === 0 ? '' : `Clients will call ${inOneLine(calls.join(', '))}.\n`;
}

async function mayForce(
  { items }: ExposePlan,
  force: boolean | undefined,
  io: Io,
): Promise<boolean | undefined> {
  if (items.every(({ kind }) => kind !== 'conflict')) return force === true;
  if (await confirm(io, 'Others own these fields. Take them over?', force)) return true;
  io.stderr('Nothing was exposed: others own fields of the Service. Say --force to take over.\n');
  return undefined;
}

/** `8443`, `8443/UDP` */
function readPort(text: string): { readonly port: number; readonly protocol: string } {
  const [, port, protocol = 'TCP'] = /^([1-9][0-9]{0,4})(?:\/(TCP|UDP|SCTP))?$/i.exec(text) ?? [];
  if (port !== undefined && Number(port) <= 65535)
    return { port: Number(port), protocol: protocol.toUpperCase() };
  throw new UsageError(`--port must be a port such as 8443 or 8443/UDP, not "${text}".`);
}

async function readService(path: string, io: Io): Promise<unknown> {
  const documents = (await readDocuments([path], io)).filter(
    ({ value }) => value !== null && value !== undefined,
  );
  const [first, ...others] = documents;
  if (first !== undefined && others.length === 0) return first.value;
  throw new UsageError(`${path} must hold one document, the Service, not ${documents.length}.`);
}
