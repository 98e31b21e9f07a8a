import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, textAt } from '#core/json-value.ts';
import type { IfName } from '#core/net/ifname.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { type Completion, run } from '../command.ts';
import { enter, type Netns } from '../netns.ts';

/** One attachment of one pod to one network: what ADD and DEL of the CNI specification are told. */
export interface Attachment {
  /** As it came from the NAD, with its `name`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly containerId: string;
  readonly netns: Netns;
  readonly ifName: IfName;
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
}

export interface CniRuntime {
  /** Where the executables are. */
  readonly binFolder: string;
  /** The namespace that the plugin runs in, where the NICs are that a router may name. */
  readonly node: Netns;
}

/**
 * The NAD's `spec.config` as a plugin's configuration. As libcni does, the plugin's own text decides but for `name`,
 * which the NAD's name stands in for.
 *
 * @throws Error in the words of network-attachment-definition-client 1.7 (`GetCNIConfigFromSpec`)
 */
export function parseNadConfig(text: string, nad: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error(`failed to unmarshal Spec.Config: ${whyNoObject(text, value)}`);
  if (Array.isArray(value['plugins'])) {
    throw new Error(`the configuration of "${nad}" is a plugin list, which this sandbox does not run`);
  }
  return typeof value['name'] === 'string' ? value : { ...value, name: nad };
}

/** As Go's decoder says it, as far as it needs no parser of its own. */
function whyNoObject(text: string, value: unknown): string {
  const first = text.trimStart()[0];
  if (first === undefined || (first === '{' && value === undefined)) return 'unexpected end of JSON input';
  if (value !== undefined) return 'json: cannot unmarshal into Go value of type map[string]interface {}';
  return `invalid character '${first}' looking for beginning of value`;
}

/**
 * @returns the result that the plugin printed.
 * @throws Error in the words of libcni 1.3 (`ExecPluginWithResult`): the plugin's own message and details where it
 *   gave any. `AddNetwork` names no plugin, unlike `AddNetworkList`.
 */
export async function cniAdd(
  runtime: CniRuntime,
  attachment: Attachment,
  signal: AbortSignal,
): Promise<unknown> {
  const { completion } = await invoke(runtime, 'ADD', attachment, signal);
  const text = stdoutOf(completion);
  const result = parseJson(text);
  if (!succeeded(completion)) throw new Error(reasonOf(completion, result));
  if (!isJsonObject(result)) throw new Error(`failed to unmarshal raw result: ${whyNoObject(text, result)}`);
  return result;
}

/** @throws Error as `cniAdd` does; the caller goes on with what is left to take down. */
export async function cniDel(
  runtime: CniRuntime,
  attachment: Attachment,
  signal: AbortSignal,
): Promise<void> {
  const { completion, type } = await invoke(runtime, 'DEL', attachment, signal);
  if (succeeded(completion)) return;
  const reason = reasonOf(completion, parseJson(stdoutOf(completion)));
  throw new Error(`plugin type="${type}" failed (delete): ${reason}`);
}

async function invoke(
  { binFolder, node }: CniRuntime,
  command: 'ADD' | 'DEL',
  { config, containerId, netns, ifName, pod }: Attachment,
  signal: AbortSignal,
): Promise<{ completion: Completion; type: string }> {
  const type = textAt(config, 'type') ?? '';
  // The type becomes part of a path.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(type))
    throw new Error(`invalid plugin type ${JSON.stringify(type)}`);
  const plugin = join(binFolder, type);
  try {
    await access(plugin, constants.X_OK);
  } catch {
    throw new Error(`failed to find plugin "${type}" in path [${binFolder}]`);
  }
  const args = {
    IgnoreUnknown: 'true',
    K8S_POD_NAMESPACE: pod.namespace,
    K8S_POD_NAME: pod.name,
    K8S_POD_INFRA_CONTAINER_ID: containerId,
    K8S_POD_UID: pod.uid,
  };
  const env = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    CNI_COMMAND: command,
    CNI_CONTAINERID: containerId,
    CNI_NETNS: netns.path,
    CNI_IFNAME: ifName,
    CNI_PATH: binFolder,
    CNI_ARGS: Object.entries(args)
      .map(([key, value]) => `${key}=${value}`)
      .join(';'),
  };
  const completion = await run(enter(node, [plugin]), { stdin: JSON.stringify(config), env, signal });
  return { completion, type };
}

function succeeded(completion: Completion): boolean {
  return completion.kind === 'exited' && completion.code === 0;
}

function stdoutOf(completion: Completion): string {
  return completion.kind === 'exited' ? completion.stdout : '';
}

function reasonOf(completion: Completion, printed: unknown): string {
  const msg = textAt(printed, 'msg');
  const details = textAt(printed, 'details') ?? '';
  if (msg !== undefined) return details === '' ? msg : `${msg}; ${details}`;
  switch (completion.kind) {
    case 'exited':
      if (completion.stdout !== '') {
        const why = whyNoObject(completion.stdout, printed);
        return `netplugin failed but error parsing its diagnostic message ${JSON.stringify(completion.stdout)}: ${why}`;
      }
      return wordless(completion.stderr, `exit status ${completion.code}`);
    case 'signalled':
      return wordless(
        completion.stderr,
        `signal: ${completion.signal === 'SIGKILL' ? 'killed' : completion.signal}`,
      );
    // libcni ends what takes too long.
    case 'cancelled':
      return wordless('', 'signal: killed');
    case 'not-started':
      return wordless('', completion.error);
  }
}

/** Of a plugin that printed nothing (`pluginErr` of libcni 1.3). */
function wordless(stderr: string, end: string): string {
  return stderr === ''
    ? `netplugin failed with no error message: ${end}`
    : `netplugin failed: ${JSON.stringify(stderr)}`;
}
