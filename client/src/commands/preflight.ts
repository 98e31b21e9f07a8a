import type { Finding } from '#core/platform/finding.ts';
import type { Desk } from './desk.ts';

/** Says what of the cluster is ready for egress routers, and what is missing. */
export async function preflight(desk: Desk): Promise<void> {
  await desk.connection.use(async (session) => {
    const { findings } = await desk.dialogs.progress(`Checking context ${session.context}`, (_, signal) =>
      session.preflight({ kind: 'namespace', ...namespaceOf(desk) }, { signal }),
    );
    for (const { code, verdict, message } of findings)
      desk.log.info(`Preflight: ${code}: ${verdict}: ${message}`);
    await desk.dialogs.pick(
      `Context ${session.context}: ready for egress routers?`,
      findings.map((finding) => ({ label: `${iconOf(finding)} ${finding.code}`, detail: finding.message })),
    );
  });
}

function namespaceOf({ connection }: Desk): { readonly namespace?: string } {
  const { namespace } = connection.selection;
  return namespace === undefined ? {} : { namespace };
}

function iconOf({ verdict }: Finding): string {
  switch (verdict) {
    case 'ok':
      return '$(pass)';
    case 'information':
      return '$(info)';
    case 'warning':
      return '$(warning)';
    case 'error':
      return '$(error)';
  }
}
