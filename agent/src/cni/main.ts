import { toCniError } from '#core/attachment/cni-error.ts';
import { compareVersions } from '#core/attachment/cni-result.ts';
import { parseLog, parseNetConf } from '#core/netconf/parse.ts';
import { add } from './add.ts';
import { check } from './check.ts';
import { forgetClaims } from './claims.ts';
import { del } from './del.ts';
import { askingVariable, askNetwork } from './duplicate-address.ts';
import { enterPod, isOtherNetns, isOwnNetns, nodeNetnsVariable, repliedWithError } from './enter-pod.ts';
import { masterIn, readNodeFacts, readPodFacts } from './facts.ts';
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
import type { PodProcess } from './pod-process.ts';
import { readPrevious } from './prev-result.ts';
import { readAhead } from './read-ahead.ts';
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
      // SPEC §2 DEL: a namespace that has gone took everything with it but the note of where it was.
      forgetClaims(platform);
      return 0;
    }
    case 'STATUS':
      requireVersion(config, command, '1.1.0');
      await status(platform, tools, checkNetConf(parseNetConf(config.fields())));
      return 0;
    case 'GC':
      requireVersion(config, command, '1.1.0');
      checkNetConf(parseNetConf(config.fields()));
      // All that ADD makes lives in the pod's namespace and goes with it, but for the note of where that was.
      forgetClaims(platform);
      return 0;
    default:
      throw new CniFailure('invalid-environment', `CNI_COMMAND ${JSON.stringify(command)} is not known`);
  }
}

async function runInPod(invocation: Invocation, command: string, nodeNetns: string): Promise<number> {
  const { platform, tools, log } = invocation;
  const target = parseTarget(platform);
  if (!isOwnNetns(platform, target.netns)) {
    throw new CniFailure('internal', 'the second process is not in the namespace of the pod');
  }
  // Reading the pod takes about as long as reading a configuration of a thousand rules: both at once.
  const podFacts = readAhead(readPodFacts(platform, tools));
  const pod = { platform, tools, log, target, nodeNetns, podFacts: podFacts.value };
  try {
    await work(invocation, command, pod);
  } finally {
    // What is still being read shares the lock on the pod, and whoever is told of an error may try again at once.
    await podFacts.end;
  }
  log.write('info', `${target.ifName}: done`);
  return 0;
}

async function work(invocation: Invocation, command: string, pod: PodProcess): Promise<void> {
  const { platform, tools, log, config } = invocation;
  if (command === 'DEL') {
    // Nothing of the configuration decides what is taken away, so nothing that is wrong with it keeps a pod from ending.
    startLog(log, config.fieldsIfAny());
    await del(pod);
    return;
  }
  const fields = config.fields();
  startLog(log, fields);
  if (command === 'CHECK') {
    requireVersion(config, command, '0.4.0');
    await check(pod, parseNetConf(withRuntimeConfig(platform, fields)), readPrevious(fields));
    return;
  }
  if (command !== 'ADD') throw new CniFailure('internal', `${command} does not run in a pod`);
  const nodeFacts = readAhead(readNodeFacts(tools, pod.nodeNetns, masterIn(fields)));
  try {
    const parsed = parseNetConf(withRuntimeConfig(platform, fields));
    reply(platform, await add(pod, nodeFacts.value, parsed, readPrevious(fields), checkVersion(fields)));
  } finally {
    await nodeFacts.end;
  }
}

function startLog(log: Log, fields: Fields): void {
  const { logFile, logLevel } = parseLog(fields);
  log.writeTo(logFile, logLevel ?? 'info');
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
  const details = `${failure.details} ${log.fault}`.trim();
  reply(platform, toCniError(config.versionOfReply(), failure.reason, failure.message, details));
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

  /** Without any where it is not a JSON object. */
  fieldsIfAny(): Fields {
    try {
      return this.fields();
    } catch {
      // For those who can do without.
      return {};
    }
  }

  /** The version that the configuration names if we know it; never fails. */
  versionOfReply(): string {
    // What is not JSON has been, or will be, answered with an error of its own.
    const version = this.fieldsIfAny()['cniVersion'];
    return isSupportedVersion(version) ? version : latestVersion;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
