import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { Desk } from './desk.ts';
import { findRouter } from './router.ts';

/** Copies the address that outside servers see: of the row, else of a router. */
export async function copyAddress(desk: Desk, argument: unknown): Promise<void> {
  const address = addressOf(argument) ?? (await pickAddress(desk, argument));
  if (address !== undefined) await desk.dialogs.copy(address);
}

function addressOf(argument: unknown): string | undefined {
  const address =
    typeof argument === 'object' && argument !== null && 'address' in argument ? argument.address : undefined;
  return typeof address === 'string' && address !== '' ? address : undefined;
}

async function pickAddress(desk: Desk, argument: unknown): Promise<string | undefined> {
  return desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, t`Copy the address of which egress router?`);
    if (router === undefined) return undefined;
    const shown = `${router.namespace}/${router.name}`;
    const live = await desk.dialogs.progress(t`Reading ${shown}`, (_, signal) =>
      session.read(router, signal),
    );
    const addresses = listAt(live, 'spec', 'addresses').flatMap(
      (entry) => textAt(entry, 'ip')?.replace(/\/.*/, '') ?? [],
    );
    const [first, ...more] = addresses;
    if (first === undefined) {
      throw new CommandError(t`${shown} has no address in context ${session.context}. Deploy it first.`);
    }
    if (more.length === 0) return first;
    return (
      await desk.dialogs.pick(
        t`Which address of ${shown}?`,
        addresses.map((label) => ({ label })),
      )
    )?.label;
  });
}
