/**
 * Whether V8 has Maglev for certain, its quick optimizing compiler: then a program that is over in a moment can do
 * without TurboFan, the thorough one, whose work comes too late to be repaid.
 *
 * @param v8 its version
 */
export function hasMaglev(v8: string, arch: string): boolean {
  return Number.parseInt(v8, 10) >= 13 && (arch === 'x64' || arch === 'arm64');
}
