import { isProtectedContext } from '#cluster/protected-contexts.ts';
import { confirm } from './ask.ts';
import type { Io } from './io.ts';

export interface Deletion {
  /** `Tear down egress-a in context prod, namespace web?` */
  readonly question: string;
  readonly context: string;
  /** What has to be typed in a protected context. */
  readonly name: string;
}

export interface DeletionAnswers {
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
}

export const confirmOptions = { confirm: { type: 'string' } } as const;

/** @returns why it is not to be deleted, with the way to it; undefined where it is */
export async function refusalOfDeletion(
  { yes, confirm: typed }: DeletionAnswers,
  { question, context, name }: Deletion,
  io: Io,
): Promise<string | undefined> {
  if (typed !== undefined) {
    return typed === name ? undefined : `--confirm says "${typed}", and the name is ${name}.`;
  }
  if (isProtectedContext(context, protectedContexts())) {
    const how = `Context ${context} is protected: say --confirm ${name}.`;
    if (io.ask === undefined) return how;
    const answer = await io.ask(`${question} Context ${context} is protected: type ${name}. `);
    return answer.trim() === name ? undefined : 'That is not its name.';
  }
  if (await confirm(io, question, yes)) return undefined;
  return io.ask === undefined ? 'Say --yes to delete.' : 'You did not say yes.';
}

function protectedContexts(): readonly string[] {
  const text = process.env['EGRESS_ROUTER_PROTECTED_CONTEXTS'] ?? '';
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
