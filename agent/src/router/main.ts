import { setTimeout as delay } from 'node:timers/promises';
import { watchConfigFile } from './config-file.ts';
import { isUncertain } from './gateways.ts';
import { inspect } from './inspect.ts';
import { Keeper } from './keeper.ts';
import { parseOptions, usage } from './options.ts';
import { commandRunner } from './run-command.ts';
import { serve } from './server.ts';

const reading = parseOptions(process.argv.slice(2));
const configPath = process.env['EGRESS_ROUTER_CONFIG'];
const run = commandRunner(5_000);
switch (reading.kind) {
  case 'help':
    console.log(usage);
    break;
  case 'wrong':
    console.error(`${reading.message}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'inspect': {
    const { text, isReady } = await inspect(run, configPath, reading.port, reading.output);
    console.log(text);
    process.exitCode = isReady ? 0 : 1;
    break;
  }
  case 'serve':
    await keepServing(reading.port).catch((error: unknown) => {
      log(error instanceof Error ? error.message : String(error));
      process.exit(1);
    });
}

async function keepServing(port: number): Promise<void> {
  const stopped = untilSignalled();
  const keeper = new Keeper({ run, configPath, log, now: () => performance.now() });
  const server = await serve(() => keeper.look(Math.max(1_000, keeper.restMs)), port);
  log(`answering on port ${port}`);
  const ending = new AbortController();
  const kept = keepLooking(keeper, ending.signal);
  const signal = await Promise.race([stopped, kept]);
  log(`${signal}: stopping`);
  ending.abort();
  server.close();
  server.closeAllConnections();
  // A look that is under way may hang for longer than the pod is given to end.
  process.exit(0);
}

/** Looks again from time to time, and at once when the configuration changes. */
async function keepLooking(keeper: Keeper, signal: AbortSignal): Promise<never> {
  let wake: () => void = () => {};
  watchConfigFile(configPath, () => wake());
  for (;;) {
    // Before the look: a change during it may have come too late for it.
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let { gateways } = await keeper.look(0);
    const dueAt = performance.now() + Math.max(2_000, keeper.restMs);
    for (let left = dueAt - performance.now(); left > 0; left = dueAt - performance.now()) {
      const pauseMs = Math.min(left, gateways.some(isUncertain) ? 250 : 2_000);
      const isWoken = await Promise.race([
        woken.then(() => true),
        delay(pauseMs, false, { signal, ref: false }),
      ]);
      if (isWoken) break;
      if (pauseMs < left) ({ gateways } = await keeper.lookAround());
    }
  }
}

function untilSignalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

function log(message: string): void {
  console.error(`${new Date().toISOString()} ${message}`);
}
