import { stringify } from 'yaml';

/** Plain data as YAML that kubectl reads the same way: what YAML 1.1 would take for something else is quoted. */
export function toYaml(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
