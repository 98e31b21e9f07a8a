import { hasMaglev } from '#core/has-maglev.ts';

/** As `node:v8` and the program's `process` tell. */
export interface Engine {
  /** Takes flags also while it runs: Node starts V8 with `--no-freeze-flags-after-init`. */
  readonly setFlags: (flags: string) => void;
  readonly v8: string;
  readonly arch: string;
  /** Whether this is Electron, whose V8 is started and built otherwise: it was not tried there. */
  readonly isElectron: boolean;
  /** False under `--jitless`, with which V8 breaks down when it is told to compile. */
  readonly compiles: boolean;
  /** Whether somebody has said when starting it what TurboFan is to do. */
  readonly isSet: boolean;
}

/**
 * A switch by which V8 does without TurboFan, its last compiler, until what it gives is called: then all flags are
 * again as they were, which is what compiled code is kept for. Undefined where V8 is better left as it is.
 */
export function toCompileLess({
  setFlags,
  v8,
  arch,
  isElectron,
  compiles,
  isSet,
}: Engine): (() => () => void) | undefined {
  if (!compiles || isSet || isElectron || !hasMaglev(v8, arch)) return undefined;
  return () => {
    setFlags('--no-turbofan');
    return () => setFlags('--turbofan');
  };
}
