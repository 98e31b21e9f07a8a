import * as netns from 'netns';
import * as os from 'os';
import * as std from 'std';
import type { Command, Completion, Input } from './platform.ts';

/**
 * Error output and long input go through unlinked temporary files, so that neither side waits for the other,
 * whatever their sizes. A full disk stops nothing but long input: what is short, such as all that takes back an
 * ADD, needs none.
 */
export async function spawn(command: Command): Promise<Completion> {
  const stdin = command.stdin === undefined ? undefined : openInput(command.stdin);
  if (stdin === null) {
    const reason = whyNoFile('its input cannot be written to a file in /tmp');
    return { kind: 'not-started', reason };
  }
  const place = command.netns === undefined ? -1 : os.open(command.netns, os.O_RDONLY);
  if (command.netns !== undefined && place < 0) {
    stdin?.close();
    return { kind: 'not-started', reason: whyNoPlace(command.netns, -place) };
  }
  const stderr = std.tmpfile();
  const nowhere = stderr === null ? os.open('/dev/null', os.O_WRONLY) : undefined;
  const output = nowhere !== undefined && nowhere < 0 ? null : os.pipe();
  if (output === null) {
    const reason = whyNoFile('no pipe can be made for its output');
    if (place >= 0) os.close(place);
    if (nowhere !== undefined && nowhere >= 0) os.close(nowhere);
    stdin?.close();
    stderr?.close();
    return { kind: 'not-started', reason };
  }
  const [readEnd, writeEnd] = output;
  netns.startIn(place);
  const pid = os.exec([command.file, ...command.args], {
    block: false,
    usePath: false,
    stdout: writeEnd,
    stderr: stderr?.fileno() ?? nowhere ?? -1,
    ...(stdin === undefined ? {} : { stdin: stdin.fileno() }),
    ...(command.env === undefined ? {} : { env: { ...std.getenviron(), ...command.env } }),
  });
  if (place >= 0) os.close(place);
  os.close(writeEnd);
  stdin?.close();
  if (nowhere !== undefined) os.close(nowhere);
  const deadline = Date.now() + command.timeoutMs;
  const stdout = await readToEnd(readEnd, deadline);
  os.close(readEnd);
  const status = stdout === undefined ? undefined : await waitFor(pid, deadline);
  if (stdout === undefined || status === undefined) {
    await kill(pid);
    stderr?.close();
    return { kind: 'timed-out', timeoutMs: command.timeoutMs };
  }
  stderr?.seek(0, std.SEEK_SET);
  const errors = stderr?.readAsString() ?? '';
  stderr?.close();
  const signal = status & 0x7f;
  if (place >= 0 && signal === 0 && status >> 8 === notEntered) {
    return { kind: 'not-started', reason: `the network namespace ${command.netns} cannot be entered` };
  }
  return signal === 0
    ? { kind: 'exited', code: (status >> 8) & 0xff, stdout, stderr: errors }
    : { kind: 'signalled', signal };
}

function whyNoPlace(netns: string, errno: number): string {
  const isMissing = errno === std.Error.ENOENT;
  return isMissing
    ? `there is no network namespace at ${netns}`
    : `the network namespace ${netns} cannot be opened: ${std.strerror(errno)}`;
}

/** Nothing tells why there is no pipe or temporary file, but what keeps two other files from being opened. */
function whyNoFile(otherwise: string): string {
  const files = [os.open('/dev/null', os.O_RDONLY), os.open('/dev/null', os.O_RDONLY)];
  const errno = -Math.min(...files);
  for (const fd of files) if (fd >= 0) os.close(fd);
  return errno > 0 ? `no more files can be opened: ${std.strerror(errno)}` : otherwise;
}

/** The exit code of tools/quickjs/netns.c; no tool of ours has it. */
const notEntered = 126;

/** @returns undefined where the other end is still open at the deadline */
function readToEnd(fd: number, deadline: number): Promise<string | undefined> {
  const bytes = new Uint8Array(1 << 16);
  const parts: string[] = [];
  return new Promise((resolve) => {
    const end = (text: string | undefined): void => {
      os.clearTimeout(timer);
      os.setReadHandler(fd, null);
      resolve(text);
    };
    const timer = os.setTimeout(() => end(undefined), deadline - Date.now());
    os.setReadHandler(fd, () => {
      const count = os.read(fd, bytes.buffer, 0, bytes.length);
      if (count <= 0) end(decode(parts.join('')));
      else parts.push(toBinaryText(bytes.subarray(0, count)));
    });
  });
}

/** One character for each byte. */
function toBinaryText(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 4096) {
    text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  }
  return text;
}

function decode(binary: string): string {
  if (!/[\x80-\xff]/.test(binary)) return binary;
  try {
    return decodeURIComponent(binary.replaceAll(/[%\x80-\xff]/g, toEscape));
  } catch {
    // Not UTF-8: whoever reads it sees the bytes that it was.
    return binary;
  }
}

function toEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** @returns the status of wait(2), or undefined where the process is still there at the deadline */
async function waitFor(pid: number, deadline: number): Promise<number | undefined> {
  // Nearly always it ends with its output: asking again at once is quicker than any timer.
  for (let attempt = 0; ; attempt += 1) {
    const [ended, status] = os.waitpid(pid, os.WNOHANG);
    if (ended === pid) return status;
    if (Date.now() >= deadline) return undefined;
    if (attempt > 200) await new Promise<void>((resolve) => os.setTimeout(resolve, 1));
  }
}

/** A process that the kernel does not let go is left to it. */
async function kill(pid: number): Promise<void> {
  const sigkill = 9;
  os.kill(pid, sigkill);
  await waitFor(pid, Date.now() + 1000);
}

/** A page: every pipe holds that much before anybody reads. */
const pipeHolds = 4096;

/** @returns null where the text cannot be kept whole: half of it may well be something else that is valid */
function openInput(input: Input): std.File | null {
  let start = '';
  let file: std.File | null = null;
  for (const piece of typeof input === 'string' ? [input] : input) {
    if (file === null) {
      start += piece;
      if (start.length <= pipeHolds) continue;
      file = std.tmpfile();
      if (file === null) return null;
      file.puts(start);
    } else {
      file.puts(piece);
    }
  }
  if (file === null) return openPipe(start);
  file.flush();
  if (file.error()) {
    file.close();
    return null;
  }
  os.seek(file.fileno(), 0, std.SEEK_SET);
  return file;
}

function openPipe(text: string): std.File | null {
  const ends = os.pipe();
  if (ends === null) return null;
  const [readEnd, writeEnd] = ends;
  const file = std.fdopen(writeEnd, 'w');
  file.puts(text);
  file.close();
  return std.fdopen(readEnd, 'r');
}
