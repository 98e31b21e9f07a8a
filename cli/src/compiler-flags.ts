import { hasMaglev } from '#core/has-maglev.ts';

/**
 * The flags by which V8 compiles no more than a verb is worth. `lint` is over after a second: what its best optimizing
 * compiler makes of the program comes too late to repay the time that it takes on a core that the second thread needs.
 * Undefined where V8 is left as it is, as where it has no other optimizing compiler (Maglev) for certain.
 *
 * @param v8 its version
 */
export function compilerFlags(verb: string | undefined, v8: string, arch: string): string | undefined {
  return verb === 'lint' && hasMaglev(v8, arch) ? '--no-turbofan' : undefined;
}
