import { configuredProtectedContexts } from '#client/settings.ts';
import { isProtectedContext } from '#cluster/protected-contexts.ts';
import type { Desk } from './desk.ts';

export interface Deletion {
  readonly context: string;
  readonly message: string;
  /** What goes and what stays; an empty line parts them. */
  readonly lines: readonly string[];
  readonly action: string;
  /** What has to be typed in a protected context. */
  readonly name: string;
}

/** One question, which in a protected context takes a name for its answer. */
export function confirmDeletion(
  { dialogs }: Desk,
  { context, message, lines, action, name }: Deletion,
): Promise<boolean> {
  if (isProtectedContext(context, configuredProtectedContexts())) {
    return dialogs.typeName({ title: message, name, lines: lines.filter((line) => line !== '') });
  }
  return dialogs.confirm({ isGrave: true, message, detail: lines.join('\n'), action });
}
