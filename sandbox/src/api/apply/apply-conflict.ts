import { ApiError, type Cause } from '../api-error.ts';
import type { ManagerId } from './managers.ts';
import type { FieldConflict } from './ownership.ts';

/** The 409 that names each manager and field, worded as Kubernetes words it. */
export function applyConflict(conflicts: readonly FieldConflict[]): ApiError {
  const shown = conflicts.map(({ manager, path }) => ({ manager: shownManager(manager), path }));
  const causes: Cause[] = shown.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  return new ApiError(409, 'Conflict', messageFor(shown), { causes });
}

function messageFor(conflicts: readonly { readonly manager: string; readonly path: string }[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.path}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].toSorted();
  const blocks = managers.map((manager) => {
    const lines = conflicts.filter((one) => one.manager === manager).map(({ path }) => `- ${path}`);
    return `conflicts with ${manager}:\n${lines.join('\n')}`;
  });
  return `Apply failed with ${conflicts.length} conflicts: ${blocks.join('\n')}`;
}

function shownManager({ manager, operation, apiVersion, subresource }: ManagerId): string {
  const name = JSON.stringify(manager);
  const where = subresource === undefined ? name : `${name} with subresource "${subresource}"`;
  return operation === 'Apply' ? where : `${where} using ${apiVersion}`;
}
