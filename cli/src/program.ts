import zlib from 'node:zlib';

/** Put in when the bundle is made; the sources by themselves have no version. */
declare const programVersion: string | undefined;

/** `0.1.0` */
export function programVersionText(): string {
  return typeof programVersion === 'string' ? programVersion : '0.0.0-unbuilt';
}

/** Why this Node cannot run a command that talks to a cluster: its HTTP client is made for newer ones. */
export function nodeFault(command: string): string | undefined {
  if ('createZstdDecompress' in zlib) return undefined;
  return (
    `egress-router ${command} needs Node 22.15 or newer; this is ${process.versions.node}. ` +
    'Put a newer one first on the PATH; a clone in which npm start or npm test has run has one, and ' +
    'docs/command-line.md says where. ' +
    'Commands that ask no cluster, lint, migrate and render, work with this one.'
  );
}
