import { toCniError } from '#core/attachment/cni-error.ts';
import { compareVersions } from '#core/attachment/cni-result.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { add } from './add.ts';
import { check } from './check.ts';
import { del } from './del.ts';
import { askingVariable, askNetwork } from './duplicate-address.ts';
import { enterPod, isOtherNetns, isOwnNetns, nodeNetnsVariable, repliedWithError } from './enter-pod.ts';
import { CniFailure } from './failure.ts';
import {
  checkNetConf,
  checkVersion,
  decodeConfig,
  type Fields,
  type NetnsPath,
  parseContainer,
  parseNetnsPath,
  parseTarget,
} from './invocation.ts';
import { Log } from './log.ts';
import type { Platform } from './platform.ts';
import { readPrevious } from './prev-result.ts';
import { withRuntimeConfig } from './runtime-config.ts';
import { status } from './status.ts';
import { Tools } from './tools.ts';
import { isSupportedVersion, latestVersion, supportedVersions } from './versions.ts';

/**
 * One invocation by a container runtime. ADD, DEL and CHECK take two processes: the first looks at the
 * parameters and starts the second inside the pod's network namespace, where the work is done and answered.
 * @returns the exit code
 */
export async function main(platform: Platform): Promise<number> {
  const command = platform.env('CNI_COMMAND') ?? '';
  if (command === '') {
    platform.writeStderr(
      `CNI plugin egress-router: gives a pod a macvlan with a reserved address and redirects connections by it.
A container runtime starts it; see the CNI specification. CNI versions: ${supportedVersions.join(', ')}\n`,
    );
    return 0;
  }
  const log = new Log(platform, `${command} ${platform.env('CNI_CONTAINERID') ?? ''}`);
  const invocation = { platform, log, tools: new Tools(platform, log), config: new Config(platform) };
  const { tools } = invocation;
  const nodeNetns = parseNetnsPath(platform.env(nodeNetnsVariable));
  try {
    if (nodeNetns !== undefined && platform.env(askingVariable) !== undefined) {
      return await askNetwork(platform, tools, log, nodeNetns);
    }
    return nodeNetns === undefined
      ? await runOnNode(invocation, command)
      : await runInPod(invocation, command, nodeNetns);
  } catch (error) {
    const failure =
      error instanceof CniFailure
        ? error
        : new CniFailure('internal', `internal error: ${String(error)}`, stackOf(error));
    replyWithError(invocation, failure);
    return nodeNetns === undefined ? 1 : repliedWithError;
  }
}

interface Invocation {
  readonly platform: Platform;
  readonly log: Log;
  readonly tools: Tools;
  readonly config: Config;
}

async function runOnNode(invocation: Invocation, command: string): Promise<number> {
  const { platform, tools, config } = invocation;
  switch (command) {
    case 'VERSION':
      reply(platform, { cniVersion: config.versionOfReply(), supportedVersions });
      return 0;
    case 'ADD':
    case 'CHECK': {
      const { netns } = parseTarget(platform);
      if (isOtherNetns(platform, netns)) return await passOn(invocation, netns, command);
      throw new CniFailure('unknown-container', `there is no network namespace at ${netns}`);
    }
    case 'DEL': {
      parseContainer(platform);
      const netns = parseNetnsPath(platform.env('CNI_NETNS'));
      if (netns !== undefined && isOtherNetns(platform, netns))
        return await passOn(invocation, netns, command);
      // SPEC §2 DEL: a namespace that has gone took everything with it, for nothing is kept on the node.
      return 0;
    }
    case 'STATUS':
      requireVersion(config, command, '1.1.0');
      await status(platform, tools, checkNetConf(parseNetConf(config.fields())));
      return 0;
    case 'GC':
      requireVersion(config, command, '1.1.0');
      // Nothing to collect: all that ADD makes lives in the pod's namespace and goes with it.
      checkNetConf(parseNetConf(config.fields()));
      return 0;
    default:
      throw new CniFailure('invalid-environment', `CNI_COMMAND ${JSON.stringify(command)} is not known`);
  }
}

async function runInPod(invocation: Invocation, command: string, nodeNetns: string): Promise<number> {
  const { platform, tools, log, config } = invocation;
  const target = parseTarget(platform);
  if (!isOwnNetns(platform, target.netns)) {
    throw new CniFailure('internal', 'the second process is not in the namespace of the pod');
  }
  const fields = config.fields();
  const parsed = parseNetConf(withRuntimeConfig(platform, fields));
  log.writeTo(parsed.conf?.logFile, parsed.conf?.logLevel ?? 'info');
  const pod = { platform, tools, log, target, nodeNetns };
  switch (command) {
    case 'ADD':
      reply(platform, await add(pod, parsed, readPrevious(fields), checkVersion(fields)));
      break;
    case 'DEL':
      await del(pod);
      break;
    case 'CHECK':
      requireVersion(config, command, '0.4.0');
      await check(pod, parsed, readPrevious(fields));
      break;
    default:
      throw new CniFailure('internal', `${command} does not run in a pod`);
  }
  log.write('info', `${target.ifName}: done`);
  return 0;
}

async function passOn(
  { platform }: Invocation,
  netns: NetnsPath,
  command: 'ADD' | 'CHECK' | 'DEL',
): Promise<number> {
  const { isError, reply: text, warnings } = await enterPod(platform, netns, command);
  if (warnings !== '') platform.writeStderr(warnings);
  platform.writeStdout(text);
  return isError ? 1 : 0;
}

function requireVersion(config: Config, command: string, first: string): void {
  const version = checkVersion(config.fields());
  if (compareVersions(version, first) >= 0) return;
  throw new CniFailure(
    'incompatible-version',
    `${command} needs cniVersion ${first} or later, not ${version}`,
  );
}

function reply(platform: Platform, document: unknown): void {
  platform.writeStdout(`${JSON.stringify(document)}\n`);
}

function replyWithError({ platform, log, config }: Invocation, failure: CniFailure): void {
  log.write('error', `${failure.message} ${failure.details}`);
  reply(platform, toCniError(config.versionOfReply(), failure.reason, failure.message, failure.details));
}

/** Standard input, read when first asked for: the second process must find it whole. */
class Config {
  readonly #platform: Platform;
  #text: string | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** @throws CniFailure when it is not a JSON object. */
  fields(): Fields {
    this.#text ??= this.#platform.readStdin();
    return decodeConfig(this.#text);
  }

  /** The version that the configuration names if we know it; never fails. */
  versionOfReply(): string {
    try {
      const version = this.fields()['cniVersion'];
      return isSupportedVersion(version) ? version : latestVersion;
    } catch {
      // What is not JSON has been, or will be, answered with an error of its own.
      return latestVersion;
    }
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
