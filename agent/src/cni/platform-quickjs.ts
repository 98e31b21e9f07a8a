import * as os from 'os';
import * as std from 'std';
import type { FileFacts, Platform } from './platform.ts';
import { spawn } from './spawn-quickjs.ts';

/** The `Platform` that QuickJS gives. */
export function quickjsPlatform(): Platform {
  return {
    processId: os.getpid(),
    env: (name) => std.getenv(name),
    readStdin: () => std.in.readAsString(),
    writeStdout: (text) => writeText(std.out, text),
    writeStderr: (text) => writeText(std.err, text),
    stat,
    readFile,
    writeFile: (path, text) => writeAt(path, os.O_WRONLY, text),
    appendFile: (path, text) =>
      writeAt(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | openWithoutFollowing | openWithoutWaiting, text),
    spawn,
    now: () => Date.now(),
    sleep: (durationMs) =>
      new Promise((resolve) => {
        os.setTimeout(resolve, durationMs);
      }),
  };
}

/** O_NONBLOCK, the same on all processors that Linux is built for here: a named pipe must not stop us. */
const openWithoutWaiting = 0o4000;

function writeText(file: typeof std.out, text: string): void {
  file.puts(text);
  file.flush();
}

function stat(path: string): FileFacts | undefined {
  const [facts, errno] = os.stat(path);
  if (errno !== 0) return undefined;
  const isFile = (facts.mode & os.S_IFMT) === os.S_IFREG;
  return {
    device: facts.dev,
    inode: facts.ino,
    isFile,
    isExecutable: isFile && (facts.mode & 0o111) !== 0,
  };
}

/** Not by std.loadFile, which believes the size of a file: in /proc that is zero. */
function readFile(path: string): string | undefined {
  const file = std.open(path, 'r');
  const text = file?.readAsString();
  file?.close();
  return text;
}

/** One write(2) for all of the text: the kernel takes the value of a sysctl in one piece. ASCII only. */
function writeAt(path: string, flags: number, text: string): string | undefined {
  const fd = os.open(path, flags, 0o600);
  if (fd < 0) return std.strerror(-fd);
  const bytes = Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const written = os.write(fd, bytes.buffer, 0, bytes.length);
  os.close(fd);
  if (written < 0) return std.strerror(-written);
  return written === bytes.length ? undefined : `only ${written} of ${bytes.length} bytes were written`;
}
