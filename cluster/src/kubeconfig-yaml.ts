// Not by client-node's `loadYaml`, which brings the models of every kind along.
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';

/**
 * The text of a kubeconfig as kubectl takes it: of several documents the first, of a key that is there twice the
 * last; `<<` merges. A text of nothing but comments is empty.
 *
 * @throws YAMLException
 */
export function parseKubeconfig(text: string): unknown {
  return loadAll(text, { schema, json: true })[0] ?? {};
}

/** What is written anew from the first of several documents has lost the others. */
export function hasOneDocument(text: string): boolean {
  return loadAll(text, { schema, json: true }).length <= 1;
}

const schema = CORE_SCHEMA.withTags(mergeTag);
