import { addressRows } from './address.ts';
import type { CheckRow } from './check-row.ts';
import { legacyRows } from './legacy.ts';
import { nadRows } from './nad.ts';
import { optionRows } from './options.ts';
import { patchRows } from './patches.ts';
import { platformRows } from './platform.ts';
import { relationRows } from './relations.ts';
import { ruleRows } from './rules.ts';
import { schemaRows } from './schema.ts';
import { serviceRows } from './service.ts';
import { yamlRows } from './yaml.ts';

/** By what they are about. */
export const families = {
  schema: schemaRows,
  address: addressRows,
  rules: ruleRows,
  options: optionRows,
  platform: platformRows,
  nad: nadRows,
  relations: relationRows,
  service: serviceRows,
  patches: patchRows,
  legacy: legacyRows,
  yaml: yamlRows,
};

/** Those of every check, as several tests look at them. */
export const allRows: readonly CheckRow[] = Object.values(families).flat();
