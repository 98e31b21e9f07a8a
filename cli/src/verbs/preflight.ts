import { statSync } from 'node:fs';
import type { PreflightSubject } from '#cluster/api.ts';
import { formatReport, hasErrors } from '../findings.ts';
import { formatData } from '../format.ts';
import { type Io, UsageError } from '../io.ts';
import { readRouterDocuments, refuseOtherNamespace } from '../router-documents.ts';
import { filenameOptions, nicOptions, nicUsage, readRoutersPerNic } from '../run-options.ts';
import { type ClusterValues, clusterOptions, clusterUsage, outputs, withSession } from '../session.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const preflight: Verb = {
  usage: `Usage: egress-router preflight [[-f] FILE|NAME|-] [options]

Looks for what routers need: their CustomResourceDefinition, Multus, an operator, and your permissions. With the
routers of a file, or one of the cluster by its name, also whether the platform lets it through, whether its address
is free, and whether its namespace takes it. What there is to do about it is printed to be copied. Exits 1 when
something is missing.

  -f, --filename FILE|-  a file, whatever its name
${nicUsage}
${clusterUsage}`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      ...clusterOptions,
      ...nicOptions,
      ...filenameOptions,
    });
    const format = readFormat(values.output, outputs);
    const subject = await readSubject(positionals, values, io);
    if (subject?.kind === 'documents') refuseOtherNamespace(subject.documents, values.namespace);
    const ask = { signal: io.signal, ...readRoutersPerNic(values['routers-per-nic']) };
    return withSession(values, io, async (session) => {
      const report = await session.preflight(
        subject?.kind === 'name'
          ? { kind: 'router', router: { namespace: session.namespace, name: subject.name } }
          : subject === undefined
            ? { kind: 'namespace' }
            : { kind: 'documents', documents: subject.documents },
        ask,
      );
      io.stdout(format === 'table' ? formatReport(report) : formatData(report, format));
      if (hasErrors(report) || (subject?.kind === 'documents' && subject.isPart)) return 1;
      if (subject?.kind !== 'documents' || report.routers.length > 0) return 0;
      io.stderr('There is no EgressRouter to check.\n');
      return 1;
    });
  },
};

type Subject =
  | (Extract<PreflightSubject, { kind: 'documents' }> & {
      /** A file of a folder could not be read, which has been said. */
      readonly isPart: boolean;
    })
  | { readonly kind: 'name'; readonly name: string };

/** A name cannot hold a slash; what is there as a file is one, and so is all that is said to be one. */
async function readSubject(
  positionals: readonly string[],
  values: ClusterValues & { readonly filename?: readonly string[] | undefined },
  io: Io,
): Promise<Subject | undefined> {
  const { filename: files } = values;
  if (files !== undefined && positionals.length > 0)
    throw new UsageError('Name a router, or a file with -f, and not both.');
  const named = files ?? positionals;
  if (named.length === 0) return undefined;
  const text = readOne('a file or router', named);
  if (files === undefined && text !== '-' && !/[/\\]|\.(ya?ml|json)$/i.test(text) && !isThere(text)) {
    return { kind: 'name', name: readName('an egress router', text) };
  }
  const { documents, isPart } = await readRouterDocuments([text], 'preflight', io, values);
  return { kind: 'documents', documents, isPart };
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
