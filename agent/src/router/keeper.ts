import type { Drift } from '#core/attachment/drift.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { endStale } from './end-stale.ts';
import { type GatewayState, gatewayFaults, gatewaysOf, lookAtGateways } from './gateways.ts';
import type { Events, Inspection } from './inspection.ts';
import { type KnownChains, learnChains, mend, networkDriftOf, planPod } from './mend.ts';
import { type Observation, observe, observeSurroundings, type Surroundings } from './observe.ts';
import { faultsOf } from './readiness.ts';
import type { RunCommand } from './run-command.ts';
import { sysctlDrift, sysctlKeysOf } from './sysctl-drift.ts';
import { type HeldConfig, wantedOf } from './wanted.ts';

export interface KeeperTools {
  readonly run: RunCommand;
  readonly configPath: string | undefined;
  readonly log: (line: string) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

const lookMayTakeMs = 10_000;

/** What a look has found, without what is around the pod. */
interface Known {
  readonly file: ConfigFile;
  readonly held: HeldConfig | undefined;
  readonly seen: Observation;
  readonly faults: readonly string[];
}

/**
 * Keeps the pod's network as its configuration says: looks, puts back what is missing, takes up changed rules.
 * One look at a time. What it remembers is what the kernel cannot say.
 */
export class Keeper {
  readonly #tools: KeeperTools;
  #held: HeldConfig | undefined;
  #inForce: string | undefined;
  #chains: KnownChains = new Map();
  #savedSysctls: ReadonlyMap<number, number> = new Map();
  #gateways: readonly GatewayState[] = [];
  #events: Events = { reloads: 0, failedReloads: 0, endedConnections: 0, repairs: new Map() };
  #told = '';
  #finished: { readonly at: number; readonly inspection: Inspection } | undefined;
  #underWay: Promise<Inspection> | undefined;
  #known: Known | undefined;
  #ruleCount = 0;
  #restMs = 0;

  constructor(tools: KeeperTools) {
    this.#tools = tools;
  }

  /** The last look where it is not `tooOldMs`, or one that is under way, else a new one; 0: begun from now on. */
  look(tooOldMs: number): Promise<Inspection> {
    const { now } = this.#tools;
    const underWay = this.#underWay;
    // It may have read the configuration before what the caller knows of.
    if (underWay !== undefined && tooOldMs === 0) return underWay.then(() => this.look(0));
    // To list thousands of rules takes seconds, and a probe waits for one.
    const finishedUntilMs = underWay === undefined ? tooOldMs : tooOldMs + lookMayTakeMs;
    if (this.#finished !== undefined && now() - this.#finished.at < finishedUntilMs) {
      return Promise.resolve(this.#finished.inspection);
    }
    if (underWay !== undefined) return underWay;
    return this.#begin(this.#lookNow(), now);
  }

  /** Looks at what is around the pod only, and tells all else as it was at the last look: a large table is much to list. */
  lookAround(): Promise<Inspection> {
    const [finished, known] = [this.#finished, this.#known];
    if (this.#underWay !== undefined || finished === undefined || known === undefined)
      return this.look(Number.POSITIVE_INFINITY);
    return this.#begin(this.#conclude(known), () => finished.at);
  }

  async #begin(looking: Promise<Inspection>, at: () => number): Promise<Inspection> {
    this.#underWay = looking;
    try {
      const inspection = await looking;
      this.#finished = { at: at(), inspection };
      return inspection;
    } finally {
      this.#underWay = undefined;
    }
  }

  /** How long to leave it at the last look: a large table is much to list, and looking must not become a load. */
  get restMs(): number {
    return this.#restMs;
  }

  async #lookNow(): Promise<Inspection> {
    const { run, configPath } = this.#tools;
    const file = await readConfigFile(configPath);
    const wantedCount = file.kind === 'known' ? file.conf.rules.length : 0;
    const before = await observe(run, Math.max(this.#ruleCount, wantedCount));
    if (before.nft.kind === 'read' && before.nft.value.table.sysctlsBefore.size > 0) {
      this.#savedSysctls = before.nft.value.table.sysctlsBefore;
    }
    this.#ruleCount = before.nft.kind === 'read' ? before.nft.value.redirects.length : 0;
    this.#restMs = Math.min(this.#ruleCount * 3, 30_000);
    const { held, faults } = wantedOf(file, this.#held, before);
    const { seen, faults: mending } =
      held === undefined ? { seen: before, faults: [] } : await this.#hold(held, before);
    const ofPod = faultsOf(seen, held?.conf ?? (file.kind === 'known' ? file.conf : undefined));
    this.#known = { file, held, seen, faults: [...faults, ...mending, ...ofPod] };
    return this.#conclude(this.#known);
  }

  async #conclude({ file, held, seen, faults }: Known): Promise<Inspection> {
    const { run } = this.#tools;
    const around = await observeSurroundings(
      run,
      gatewaysOf(held?.conf),
      held === undefined ? [] : sysctlKeysOf(held.conf),
    );
    this.#gateways = lookAtGateways(gatewaysOf(held?.conf), this.#gateways, around, this.#tools.now());
    const sysctls =
      held === undefined ? { faults: [], warnings: [] } : sysctlDrift(held.conf, around.sysctls);
    const isAttached = !faults.some((fault) => fault.startsWith('There is no interface'));
    return this.#report(file, held, seen, around, {
      faults: [
        ...faults,
        // Without the interface the rest goes without saying.
        ...(isAttached && held !== undefined
          ? [...gatewayFaults(this.#gateways, held.conf), ...sysctls.faults]
          : []),
      ],
      warnings: isAttached ? sysctls.warnings : [],
    });
  }

  /** Holds the pod to a configuration. */
  async #hold(
    held: HeldConfig,
    before: Observation,
  ): Promise<{ readonly seen: Observation; readonly faults: readonly string[] }> {
    const { run, log } = this.#tools;
    const plan = planPod(held.conf, before);
    const isNew = held.digest !== this.#inForce;
    if (plan === undefined) return { seen: before, faults: [] };
    const { tableDrift, networkDrift, faults } = await mend(run, plan, before, {
      chains: this.#chains,
      savedSysctls: this.#savedSysctls,
      conf: this.#held?.conf,
    });
    const hasChanged = tableDrift.length > 0 || networkDrift.length > 0;
    const seen = hasChanged ? await observe(run, held.conf.rules.length) : before;
    // The rules of a file are in force only once the kernel has them.
    this.#held = held;
    // Also where something else could not be put back: nobody would ever tell it otherwise.
    const left = new Set(faults.length === 0 ? [] : networkDriftOf(plan, seen).map(({ message }) => message));
    for (const { kind, message } of networkDrift) if (!left.has(message)) this.#countRepair(kind, message);
    if (seen.nft.kind !== 'read' || faults.length > 0) {
      if (isNew) this.#events = { ...this.#events, failedReloads: this.#events.failedReloads + 1 };
      return { seen, faults };
    }
    if (tableDrift.length > 0) this.#chains = learnChains(plan, seen.nft.value, this.#chains);
    const { ended, fault } = await endStale(run, seen.nft.value);
    this.#events = { ...this.#events, endedConnections: this.#events.endedConnections + ended };
    if (isNew) {
      if (this.#inForce !== undefined) this.#events = { ...this.#events, reloads: this.#events.reloads + 1 };
      log(`rules of configuration ${held.digest} in force${changesOf(tableDrift)}${endedText(ended)}`);
      this.#inForce = held.digest;
    } else {
      this.#countRepairs(tableDrift, ended);
    }
    return { seen, faults: fault === undefined ? [] : [fault] };
  }

  #countRepairs(tableDrift: readonly string[], ended: number): void {
    if (tableDrift.length === 0) return;
    this.#countRepair('nft', `the nftables rules differed${changesOf(tableDrift)}${endedText(ended)}`);
  }

  #countRepair(kind: Drift['kind'] | 'nft', message: string): void {
    const { repairs } = this.#events;
    this.#events = { ...this.#events, repairs: new Map([...repairs, [kind, (repairs.get(kind) ?? 0) + 1]]) };
    this.#tools.log(`put back: ${message}`);
  }

  #report(
    file: ConfigFile,
    held: HeldConfig | undefined,
    seen: Observation,
    around: Surroundings,
    found: Pick<Inspection, 'faults' | 'warnings'>,
  ): Inspection {
    const inspection: Inspection = {
      ...found,
      ...(this.#inForce === undefined ? {} : { digest: this.#inForce }),
      ...(held === undefined
        ? file.kind === 'known'
          ? { configuration: file.conf }
          : {}
        : { configuration: held.conf }),
      events: this.#events,
      gateways: this.#gateways,
      seen: { ...seen, ...around },
    };
    const told = inspection.faults.length === 0 ? 'redirecting' : `not ready: ${inspection.faults.join(' ')}`;
    const lines = [told, ...found.warnings].join('\n');
    if (lines !== this.#told) this.#tools.log(lines);
    this.#told = lines;
    return inspection;
  }
}

function changesOf(differences: readonly string[]): string {
  if (differences.length === 0) return '';
  const more = differences.length > 12 ? `, and ${differences.length - 12} more` : '';
  return `: ${differences.slice(0, 12).join(', ')}${more}`;
}

function endedText(ended: number): string {
  return ended === 0 ? '' : `; ended ${ended} stale connection${ended === 1 ? '' : 's'}`;
}
