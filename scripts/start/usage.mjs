/** Read before anything is fetched or built, by whatever Node there is. */
export const usage = `Usage: npm start -- [--kubeconfig PATH] [--port N]

VS Code in the browser with the extension and samples open, on a cluster of this machine: a sandbox, which ends with
it. Prints an address and a password when all is there; Ctrl-C ends it.

  --kubeconfig PATH  use the cluster of this kubeconfig in place of the sandbox
  --port N           where VS Code listens on 127.0.0.1; absent: any port that is free
  -h, --help         this text`;

/** @param {readonly string[]} args */
export function asksForHelp(args) {
  return args.includes('--help') || args.includes('-h');
}
