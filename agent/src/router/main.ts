import { formatInspection, type Inspect, inspectNow, reportChanges, shareInspection } from './inspection.ts';
import { parseOptions, usage } from './options.ts';
import { commandRunner } from './run-command.ts';
import { serve } from './server.ts';

const reading = parseOptions(process.argv.slice(2));
const run = commandRunner(5_000);
const inspect: Inspect = () => inspectNow(run, process.env['EGRESS_ROUTER_CONFIG']);
switch (reading.kind) {
  case 'help':
    console.log(usage);
    break;
  case 'wrong':
    console.error(`${reading.message}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'inspect': {
    const inspection = await inspect();
    console.log(formatInspection(inspection, reading.output));
    process.exitCode = inspection.faults.length === 0 ? 0 : 1;
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
  const reported = reportChanges(inspect, log);
  const server = await serve(shareInspection(reported, 1_000, Date.now), port);
  log(`answering on port ${port}`);
  await reported();
  log(`${await stopped}: stopping`);
  server.close();
  server.closeAllConnections();
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
