import { expect, test } from 'vitest';
import { FolderWatch } from '#server/folder-watch.ts';

const nothing = { onChange: () => undefined, onGone: () => undefined };

test('it is told once why not all folders are followed', () => {
  const told: string[] = [];
  const folders: string[] = [];
  const watch = new FolderWatch(
    (folder) => {
      folders.push(folder);
      return () => undefined;
    },
    { ...nothing, onMissed: (why) => told.push(why) },
  );
  for (let index = 0; index < 2000; index += 1) watch.add(`file:///a/${index}`);
  expect(told).toEqual([]);
  for (const folder of ['file:///a/0', 'file:///b', 'file:///c']) watch.add(folder);
  expect(told).toEqual(['there are more than 2000']);
  expect(folders).toHaveLength(2000);
  watch.end('file:///a/7');
  watch.add('file:///b');
  expect(folders.at(-1)).toBe('file:///b');
});

test.each([
  { code: 'ENOSPC', told: ['Error: ENOSPC'] },
  { code: 'ENOENT', told: [] },
])('a folder that cannot be followed, by $code', ({ code, told }) => {
  const heard: string[] = [];
  const watch = new FolderWatch(
    () => {
      throw Object.assign(new Error(code), { code });
    },
    { ...nothing, onMissed: (why) => heard.push(why) },
  );
  watch.add('file:///a');
  watch.add('file:///b');
  expect(heard).toEqual(told);
});
