import { Uri } from 'vscode';
import type { TextPosition } from '#core/protocol.ts';

/** What a command was started on. */
export type Target =
  | { readonly kind: 'router'; readonly namespace: string; readonly name: string }
  /** `position` where a code lens stands; without it the cursor decides. */
  | { readonly kind: 'document'; readonly uri: Uri; readonly position?: TextPosition }
  /** The palette: whatever is in front of the person. */
  | { readonly kind: 'none' };

/** @param argument a row of the tree, a code lens' target, the editor's Uri, or nothing: menus promise no type. */
export function toTarget(argument: unknown): Target {
  if (argument instanceof Uri) return { kind: 'document', uri: argument };
  const { router, uri, range } = toRecord(argument);
  const { namespace, name } = toRecord(router);
  if (typeof namespace === 'string' && typeof name === 'string') return { kind: 'router', namespace, name };
  if (typeof uri !== 'string') return { kind: 'none' };
  const { line, character } = toRecord(toRecord(range)['start']);
  return {
    kind: 'document',
    uri: Uri.parse(uri, true),
    ...(typeof line === 'number' && typeof character === 'number' ? { position: { line, character } } : {}),
  };
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
