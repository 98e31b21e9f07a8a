import { createHash } from 'node:crypto';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { toConfigMap } from '#core/manifest/config-map.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { toPodDigestText } from '#core/manifest/pod-digest.ts';
import { toService } from '#core/manifest/service.ts';
import { formatData } from '../format.ts';
import { countErrors } from '../lint/finding.ts';
import { lintFiles } from '../lint/lint-files.ts';
import { formatFinding } from '../lint/report-text.ts';
import { inOneLine } from '../printable.ts';
import { readFiles } from '../read-files.ts';
import { refuseTemplates } from '../refuse-templates.ts';
import { readArgs, readFormat, readName, readOne, type Verb } from '../verb.ts';

export const render: Verb = {
  usage: `Usage: egress-router render FILE|- [options]

Prints the NetworkAttachmentDefinition, ConfigMap and Deployment that the operator makes of each router in
FILE, and the Service that "expose" makes. Needs no cluster.

  -n, --namespace NAME   for routers that name none
      --image REF        of the router process (default: egress-router-agent)
  -o, --output FORMAT    yaml (default) or json
  -h, --help`,
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, {
      namespace: { type: 'string', short: 'n' },
      image: { type: 'string' },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    });
    const format = readFormat(values.output, ['yaml', 'json']);
    const namespace = values.namespace === undefined ? undefined : readName('a namespace', values.namespace);
    const { files, unread } = await readFiles([readOne('a file', positionals)], io);
    for (const line of unread) io.stderr(`${inOneLine(line)}\n`);
    const { routerFindings: findings, yaml } = lintFiles(files, { reconciler: 'agent' });
    refuseTemplates(files, yaml, 'render', { program: io.program });
    for (const finding of findings) io.stderr(formatFinding(finding));
    if (unread.length > 0 || countErrors(findings) > 0) return 1;
    const routers = yaml.flatMap(({ slices }) =>
      slices.flatMap(({ content }) =>
        (content?.objects ?? []).flatMap((object) => (object.kind === 'router' ? (object.router ?? []) : [])),
      ),
    );
    if (routers.length === 0) {
      io.stderr('There is no EgressRouter to render.\n');
      return 1;
    }
    const image = values.image ?? 'egress-router-agent';
    const objects = routers.flatMap((router) =>
      toObjects(
        { ...router, ...(router.namespace === undefined && namespace !== undefined ? { namespace } : {}) },
        image,
      ),
    );
    io.stdout(
      format === 'json'
        ? formatData({ apiVersion: 'v1', kind: 'List', items: objects }, 'json')
        : objects.map((object) => formatData(object, 'yaml')).join('---\n'),
    );
    return 0;
  },
};

function toObjects(router: EgressRouter, image: string): readonly unknown[] {
  const configHash = createHash('sha256')
    .update(toPodDigestText(router, { image }))
    .digest('hex')
    .slice(0, 16);
  const objects = [toNad(router), toConfigMap(router), toDeployment(router, { image, configHash })];
  return router.rules.length === 0 ? objects : [...objects, toService(router)];
}
