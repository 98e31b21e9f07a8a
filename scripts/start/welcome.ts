import type { RunningSandbox } from './sandbox.ts';

export interface Welcome {
  readonly url: string;
  readonly password: string;
  readonly sandbox?: Pick<RunningSandbox, 'networking' | 'reason'> | undefined;
  readonly kubeconfig: string;
  readonly samples: string;
}

/** What `npm start` prints when there is a cluster and not yet a window, whose installation may take minutes. */
export function clusterReady(kubeconfig: string, bin: string): string {
  return [
    'The cluster can be used already, from another terminal:',
    `  export KUBECONFIG='${kubeconfig.replaceAll("'", `'\\''`)}' PATH='${bin.replaceAll("'", `'\\''`)}':"$PATH"`,
  ].join('\n');
}

/** What `npm start` prints when all is there: where it is, and what to do first. */
export function welcome({ url, password, sandbox, kubeconfig, samples }: Welcome): string {
  return [
    '',
    `  Address:   ${url}/`,
    `  Password:  ${password}`,
    `  Cluster:   ${sandbox === undefined ? kubeconfig : describeSandbox(sandbox)}`,
    `  Samples:   ${samples} (yours to change: what you delete there comes back as it was at the next start)`,
    '',
    '  1. Click router.yaml, at the left: completion, hover and checks know what an egress router means.',
    '  2. Click Deploy above the document and watch the router come up in the view that opens.',
    `  3. ${lastStep(sandbox)}`,
    '',
    '  Ctrl-C ends it and leaves nothing behind but .tools/start: your samples and settings, logs, and programs.',
  ].join('\n');
}

function lastStep(sandbox: Welcome['sandbox']): string {
  switch (sandbox?.networking) {
    case undefined:
      return 'Click Expose, then reach the server from a pod of that namespace through the new Service.';
    case 'simulated':
      return 'Click Expose: the view shows what clients would call. A simulated router carries no traffic.';
    case 'real':
      return 'Click Expose, then run in a terminal of that window:  sandbox-client curl -sS http://partner-api:8080';
  }
}

function describeSandbox({ networking, reason }: NonNullable<Welcome['sandbox']>): string {
  return networking === 'real'
    ? 'a sandbox on this machine; its routers redirect packets'
    : `a sandbox on this machine; its routers are SIMULATED and redirect nothing (${reason ?? 'no reason given'})`;
}
