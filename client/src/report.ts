import { type LogOutputChannel, workspace } from 'vscode';
import { ClusterError, type Failure, toFailure } from '#cluster/errors.ts';
import type { Dialogs } from './dialogs.ts';
import { t } from './l10n.ts';
import { told } from './told.ts';

/** Something that stops a command and is no fault of the cluster: the message says what to do instead. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = commandErrorName;
  }
}

const commandErrorName = 'CommandError';

/** Where every error of a command stops: it is logged once, and told to the person once. */
export function commandRunner(dialogs: Dialogs, log: LogOutputChannel, actions: ErrorActions) {
  return async (title: string, command: () => Promise<void>): Promise<void> => {
    try {
      await command();
    } catch (error) {
      if (toFailure(error).reason === 'canceled') {
        log.info(`${title}: ${toFailure(error).message}`);
        // The person asked for it, and only has to hear what goes on in the cluster all the same.
        if (ClusterError.is(error)) void dialogs.tell('information', `${title}: ${told(error.message)}`, []);
        return;
      }
      log.error(`${title}: ${errorLine(error)}`);
      // Not awaited: a notification nobody answers would keep the command running.
      void tellFailure(title, toFailure(error));
    }
  };

  async function tellFailure(title: string, failure: Failure): Promise<void> {
    const offered = nextStep(failure);
    const chosen = await dialogs.tell('error', `${title}: ${told(failure.message)}`, [...offered, showLog]);
    if (chosen === showLog) log.show(true);
    if (chosen === switchContext) await actions.switchContext();
    if (chosen === manageTrust) await actions.manageTrust();
  }
}

export type CommandRunner = ReturnType<typeof commandRunner>;

export interface ErrorActions {
  switchContext(): Promise<void>;
  manageTrust(): Promise<void>;
}

const showLog = t`Show Log`;
const switchContext = t`Switch Context`;
const manageTrust = t`Manage Workspace Trust`;

function nextStep({ reason }: Failure): readonly string[] {
  switch (reason) {
    case 'plugin-forbidden':
      return workspace.isTrusted ? [] : [manageTrust];
    case 'no-context':
    case 'unreachable':
    case 'unauthorized':
    case 'login-failed':
      return [switchContext];
    default:
      return [];
  }
}

/** The stack is for faults of ours; what the cluster refused needs none. */
function errorLine(error: unknown): string {
  if (ClusterError.is(error)) return `${error.message} (${error.reason})${causeLine(error.cause)}`;
  // By its name, since the commands' bundle has a class of its own.
  if (error instanceof Error && error.name === commandErrorName) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function causeLine(cause: unknown): string {
  return cause instanceof Error ? `; caused by ${cause.message}` : '';
}
