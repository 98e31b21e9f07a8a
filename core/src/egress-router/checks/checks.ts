import type { Problem } from '#core/problem.ts';
import { type ParseProblemCode, parseProblemCodes, type RouterReading } from '../parse.ts';
import { type AddressProblemCode, addressProblemCodes, checkAddresses } from './address-checks.ts';
import { checkRules, type RuleProblemCode, ruleProblemCodes } from './rule-checks.ts';

export const checkProblemCodes = [...addressProblemCodes, ...ruleProblemCodes] as const;
export const routerProblemCodes = [...parseProblemCodes, ...checkProblemCodes] as const;

export type CheckProblemCode = AddressProblemCode | RuleProblemCode;
export type RouterProblemCode = ParseProblemCode | CheckProblemCode;

/**
 * Faults that lie between fields, which a schema cannot tell. Takes a reading with holes as well as a whole
 * router, so that one unreadable entry hides nothing of the others.
 */
export function checkRouter(router: RouterReading): Problem<CheckProblemCode>[] {
  const problems: Problem<CheckProblemCode>[] = checkAddresses(router);
  return problems.concat(checkRules(router));
}
