import { router } from '../cursor.ts';
import type { CheckRow } from './check-row.ts';

/** The router with one annotation for the operator. */
function annotated(line: string): string {
  return router.replace('\nspec:', `\n  annotations:\n    ${line}\nspec:`);
}

export const optionRows: readonly CheckRow[] = [
  {
    code: 'invalid-option',
    raises: annotated('egress-router-tools/limits: «256 MB»'),
    quiet: annotated('egress-router-tools/limits: memory=256Mi'),
    fixed: { none: 'Only a person knows what is meant.' },
  },
  {
    code: 'invalid-option',
    raises: annotated('egress-router-tools/tolerations: «infra:Never»'),
    quiet: annotated('egress-router-tools/tolerations: "infra:NoSchedule,*:NoExecute"'),
    fixed: { none: 'Only a person knows what is meant.' },
  },
  {
    code: 'invalid-option',
    raises: annotated('egress-router-tools/requests: «cpu=2»\n    egress-router-tools/limits: cpu=1'),
    quiet: annotated('egress-router-tools/requests: cpu=1\n    egress-router-tools/limits: cpu=1'),
    fixed: { none: 'Only a person knows what is meant.' },
  },
  {
    code: 'unknown-option',
    raises: annotated('«egress-router-tools/toleration»: infra'),
    quiet: annotated('example.com/toleration: infra'),
    fixed: annotated('egress-router-tools/tolerations: infra'),
  },
];
