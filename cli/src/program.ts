import zlib from 'node:zlib';

/** Put in when the bundle is made; the sources by themselves have no version. */
declare const programVersion: string | undefined;

/** `egress-router 0.1.0` */
export function versionText(): string {
  return `egress-router ${typeof programVersion === 'string' ? programVersion : '(unbuilt)'}`;
}

/** Why this Node cannot run a command that talks to a cluster: its HTTP client is made for newer ones. */
export function nodeFault(command: string): string | undefined {
  if ('createZstdDecompress' in zlib) return undefined;
  return (
    `egress-router ${command} needs Node 22.15 or newer; this is ${process.versions.node}. ` +
    'Commands that ask no cluster, lint and render, work with it.'
  );
}
