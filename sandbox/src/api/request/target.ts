/** What a URL path points at. */
export type Target = ResourceTarget | { readonly kind: 'path'; readonly path: string };

export interface ResourceTarget {
  readonly kind: 'resource';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads `/api/v1/namespaces/demo/pods/web/log` and its like; what is no such path stays a path. */
export function parseTarget(pathname: string): Target {
  const path: Target = { kind: 'path', path: pathname };
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart);
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return path;
  const group = isCore ? '' : (parts[1] ?? '');
  const [version, ...rest] = parts.slice(isCore ? 1 : 2);
  if (version === undefined || rest.length === 0) return path;
  const [first, second, third, ...more] = rest;
  if (first === 'namespaces' && second !== undefined && third !== undefined && !namespaceParts.has(third)) {
    const [name, ...subresource] = more;
    return target({ group, version, plural: third, namespace: second, name, subresource });
  }
  const subresource = third === undefined ? [] : [third, ...more];
  const isNamespace = first === 'namespaces' && isCore && second !== undefined;
  return target({
    group,
    version,
    plural: first ?? '',
    namespace: isNamespace ? second : undefined,
    name: second,
    subresource,
  });
}

/** Subresources of a namespace itself; anything else below one is a kind inside it. */
const namespaceParts = new Set(['status', 'finalize']);

function target(parts: {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: readonly string[];
}): ResourceTarget {
  const { group, version, plural, namespace, name, subresource } = parts;
  return {
    kind: 'resource',
    group,
    version,
    plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource.length === 0 ? {} : { subresource: subresource.join('/') }),
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A lone % is no escape: it is then part of a name that nothing has.
  }
}
