import { expect, test } from 'vitest';
import { cacheFolder } from '../src/compile-cache.ts';

const rows: readonly (readonly [NodeJS.Platform, NodeJS.ProcessEnv, string, string | undefined])[] = [
  ['linux', {}, '/home/ann', '/home/ann/.cache'],
  ['linux', { XDG_CACHE_HOME: '/var/cache/ann' }, '/home/ann', '/var/cache/ann'],
  ['linux', { XDG_CACHE_HOME: 'cache' }, '/home/ann', '/home/ann/.cache'],
  ['linux', { XDG_CACHE_HOME: '' }, '', undefined],
  ['darwin', {}, '/Users/ann', '/Users/ann/Library/Caches'],
  ['win32', { LOCALAPPDATA: '/ann/AppData/Local' }, '/ann', '/ann/AppData/Local'],
  ['win32', {}, '/ann', undefined],
];

for (const [platform, environment, home, folder] of rows) {
  test(`on ${platform} with ${JSON.stringify(environment)} and the home "${home}"`, () => {
    expect(cacheFolder(platform, environment, home)).toBe(folder);
  });
}
