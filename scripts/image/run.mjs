import { spawnSync } from 'node:child_process';

/** Gives what the program wrote on stdout; throws what it wrote on stderr when it fails. */
export function run(command, args, env = {}) {
  const end = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (end.error !== undefined) throw new Error(`${command}: ${end.error.message}`);
  if (end.status !== 0)
    throw new Error(`${command} ${args[0]} failed (${end.status ?? end.signal}):\n${end.stderr}`);
  return end.stdout;
}
