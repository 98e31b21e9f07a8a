import { Uri } from 'vscode';
import type { Lens } from './lens.ts';

/** What a command was started on. */
export type Target =
  | { readonly kind: 'router'; readonly namespace: string; readonly name: string }
  /** Without a lens the cursor decides. */
  | { readonly kind: 'document'; readonly uri: Uri; readonly lens?: Lens }
  /** The palette: whatever is in front of the person. */
  | { readonly kind: 'none' };

/** @param argument a row of the tree, a code lens' target, the editor's Uri, or nothing: menus promise no type. */
export function toTarget(argument: unknown): Target {
  if (argument instanceof Uri) return { kind: 'document', uri: argument };
  const { router, uri, manifest } = toRecord(argument);
  if (manifest !== undefined) return toTarget(manifest);
  const { namespace, name } = toRecord(router);
  if (typeof namespace === 'string' && typeof name === 'string') return { kind: 'router', namespace, name };
  if (typeof uri !== 'string') return { kind: 'none' };
  const lens = toLens(argument);
  return { kind: 'document', uri: Uri.parse(uri, true), ...(lens === undefined ? {} : { lens }) };
}

function toLens(argument: unknown): Lens | undefined {
  const { name, namespace, range } = toRecord(argument);
  const { line } = toRecord(toRecord(range)['start']);
  if (typeof name !== 'string' || typeof line !== 'number') return undefined;
  return typeof namespace === 'string' ? { name, namespace, line } : { name, line };
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
