import { parseArgs } from 'node:util';

export type SandboxCommand =
  | {
      readonly kind: 'start';
      readonly folder: string;
      readonly context: string;
      readonly isSimulated: boolean;
      /** Ends when its stdin does: whoever started it is gone. */
      readonly isTied: boolean;
      readonly api: ApiChoice;
      /** How long a changed ConfigMap takes to reach a pod. */
      readonly volumeDelayMs: number;
    }
  | { readonly kind: 'client'; readonly folder: string; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'lan-server'; readonly addresses: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

/** `auto`: a real kube-apiserver where KUBEBUILDER_ASSETS or its conventional folder holds one. */
export type ApiChoice = 'auto' | 'built-in' | 'real';

export const usage = `Usage: node sandbox.mjs --dir DIR [--simulate] [--api auto|built-in|real] [--context NAME] [--tied]
                        [--volume-delay SECONDS]
       node sandbox.mjs client --dir DIR -- COMMAND [ARGUMENT...]

A cluster on this machine, for trying egress routers without one. Writes DIR/kubeconfig, prints one line of
JSON when it is ready, and runs until SIGINT, SIGTERM or SIGHUP. As root on Linux its routers redirect packets, in
network namespaces that vanish with it; elsewhere they are simulated and say so.

  --dir DIR    where the sandbox keeps what it has
  --simulate   make no network, whoever runs it
  --context NAME  what its kubeconfig calls the context; sandbox if absent
  --tied       end when stdin ends, as it does when the program that started this one is gone
  --volume-delay SECONDS  how long changed rules take to reach a running pod; 0 if absent, up to 90 on a real node
  --api KIND   built-in: the sandbox's own API; real: etcd and kube-apiserver from $KUBEBUILDER_ASSETS or
               /usr/local/kubebuilder/bin; auto (the default): real where they are there
  client       run a command in the sandbox's client pod, for example curl; its exit code is passed on`;

export function parseCommand(args: readonly string[]): SandboxCommand {
  const [first, ...rest] = args;
  try {
    if (first === 'client') return parseClient(rest);
    if (first === 'lan-server') {
      const { positionals } = parseArgs({ args: rest, allowPositionals: true, options: {} });
      return { kind: 'lan-server', addresses: positionals };
    }
    return parseStart(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function parseStart(args: readonly string[]): SandboxCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      simulate: { type: 'boolean' },
      context: { type: 'string' },
      tied: { type: 'boolean' },
      api: { type: 'string' },
      'volume-delay': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return { kind: 'help' };
  if (values.dir === undefined || values.dir === '')
    return wrong('--dir is missing: name a folder for the sandbox.');
  const api = apiChoices.find((choice) => choice === (values.api ?? 'auto'));
  if (api === undefined) return wrong(`--api must be one of ${apiChoices.join(', ')}, not "${values.api}".`);
  const delay = values['volume-delay'] ?? '0';
  if (!/^[0-9]{1,5}$/.test(delay))
    return wrong(`--volume-delay must be a number of seconds, not "${delay}".`);
  return {
    kind: 'start',
    folder: values.dir,
    context: values.context ?? 'sandbox',
    isSimulated: values.simulate === true,
    isTied: values.tied === true,
    api,
    volumeDelayMs: Number(delay) * 1000,
  };
}

const apiChoices: readonly ApiChoice[] = ['auto', 'built-in', 'real'];

function parseClient(args: readonly string[]): SandboxCommand {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const [program, ...rest] = end < 0 ? [] : args.slice(end + 1);
  const { values } = parseArgs({
    args: [...own],
    options: { dir: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return { kind: 'help' };
  if (values.dir === undefined || values.dir === '')
    return wrong('--dir is missing: name the folder of the sandbox.');
  if (program === undefined)
    return wrong('the command is missing: write it behind --, as in -- curl -sS http://HOST:PORT');
  return { kind: 'client', folder: values.dir, argv: [program, ...rest] };
}

function wrong(message: string): SandboxCommand {
  return { kind: 'wrong', message };
}
