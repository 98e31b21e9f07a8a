import { parseArgs } from 'node:util';
import { healthPort } from '#core/manifest/names.ts';

export type RouterOptions =
  | { readonly kind: 'serve'; readonly port: number }
  | { readonly kind: 'inspect'; readonly output: 'json' | 'text'; readonly port: number }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: egress-router-agent [--port PORT]
       egress-router-agent inspect [-o json|text] [--port PORT]

Runs in the pod of an egress router. Takes up changed rules, puts back what is missing of the pod's network, and
serves /healthz, /readyz and /metrics, by default on port ${healthPort}.
inspect prints what the running process found, its exit code is 1 where something is wrong.

EGRESS_ROUTER_CONFIG names the file that says what should be there.`;

export function parseOptions(args: readonly string[]): RouterOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o', default: 'text' },
        port: { type: 'string', default: String(healthPort) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [command, ...rest] = positionals;
    if (values.help) return { kind: 'help' };
    if (rest.length > 0 || (command !== undefined && command !== 'inspect')) {
      return { kind: 'wrong', message: `There is no command "${positionals.join(' ')}".` };
    }
    const { output } = values;
    if (output !== 'json' && output !== 'text') {
      return { kind: 'wrong', message: `--output is json or text, not "${output}".` };
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      return { kind: 'wrong', message: `--port must be a port, not "${values.port}".` };
    }
    return command === 'inspect' ? { kind: 'inspect', output, port } : { kind: 'serve', port };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}
