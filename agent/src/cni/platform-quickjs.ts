import * as os from 'os';
import * as std from 'std';
import type { Command, Completion, FileFacts, Platform } from './platform.ts';

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

/**
 * Error output and long input go through unlinked temporary files, so that neither side waits for the other,
 * whatever their sizes. A full disk stops nothing but long input: what is short, such as all that takes back an
 * ADD, needs none.
 */
function spawn(command: Command): Completion {
  const stdin = command.stdin === undefined ? undefined : openInput(command.stdin);
  if (stdin === null) return { kind: 'not-started', reason: 'its input cannot be written to a file in /tmp' };
  const stderr = std.tmpfile();
  const nowhere = stderr === null ? os.open('/dev/null', os.O_WRONLY) : undefined;
  const [readEnd, writeEnd] = os.pipe();
  const pid = os.exec([command.file, ...command.args], {
    block: false,
    usePath: false,
    stdout: writeEnd,
    stderr: stderr?.fileno() ?? nowhere ?? -1,
    ...(stdin === undefined ? {} : { stdin: stdin.fileno() }),
    ...(command.env === undefined ? {} : { env: { ...std.getenviron(), ...command.env } }),
  });
  os.close(writeEnd);
  stdin?.close();
  if (nowhere !== undefined) os.close(nowhere);
  const output = std.fdopen(readEnd, 'r');
  const stdout = output.readAsString();
  output.close();
  const [, status] = os.waitpid(pid, 0);
  stderr?.seek(0, std.SEEK_SET);
  const errors = stderr?.readAsString() ?? '';
  stderr?.close();
  const signal = status & 0x7f;
  return signal === 0
    ? { kind: 'exited', code: (status >> 8) & 0xff, stdout, stderr: errors }
    : { kind: 'signalled', signal };
}

/** A page: every pipe holds that much before anybody reads. */
const pipeHolds = 4096;

/** @returns null where the text cannot be kept whole: half of it may well be something else that is valid */
function openInput(text: string): std.File | null {
  if (text.length <= pipeHolds) {
    const [readEnd, writeEnd] = os.pipe();
    const file = std.fdopen(writeEnd, 'w');
    writeText(file, text);
    file.close();
    return std.fdopen(readEnd, 'r');
  }
  const file = std.tmpfile();
  if (file === null) return null;
  writeText(file, text);
  if (file.error()) {
    file.close();
    return null;
  }
  os.seek(file.fileno(), 0, std.SEEK_SET);
  return file;
}
