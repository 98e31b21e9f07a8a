import { expect, test } from 'vitest';
import { compilerFlags } from '../src/compiler-flags.ts';

const check = (verb: string | undefined, v8: string, arch: string, flags: string | undefined): void =>
  test(`${verb} on V8 ${v8}, ${arch}: ${flags}`, () => {
    expect(compilerFlags(verb, v8, arch)).toBe(flags);
  });

check('lint', '13.6.233.17-node.51', 'x64', '--no-turbofan');
check('lint', '14.1.146.11-node.9', 'arm64', '--no-turbofan');
check('lint', '12.4.254.21-node.33', 'x64', undefined);
check('lint', '11.3.244.8-node.33', 'x64', undefined);
check('lint', '13.6.233.17-node.51', 'ppc64', undefined);
check('migrate', '13.6.233.17-node.51', 'x64', undefined);
check(undefined, '13.6.233.17-node.51', 'x64', undefined);
