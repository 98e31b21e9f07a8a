import * as netns from 'netns';
import * as os from 'os';
import * as std from 'std';
import { isOwnLog, isOwnName } from './log.ts';
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
    appendFile,
    spawn,
    tryLock,
    hold,
    kept: () => os.readdir(notes)[0].filter((name) => !name.startsWith('.')),
    readKept: (name) => readFile(`${notes}/${name}`),
    keep,
    forget: (name) => {
      os.remove(`${notes}/${name}`);
    },
    now: () => Date.now(),
    sleep: (durationMs) =>
      new Promise((resolve) => {
        os.setTimeout(resolve, durationMs);
      }),
  };
}

/** os.exec leaves files from 64 on to a child (tools/quickjs). */
const sharedFile = 64;

function tryLock(path: string): boolean {
  const fd = os.open(path, os.O_RDONLY);
  // Whoever goes to work there says what is wrong with it.
  if (fd < 0) return true;
  const isFree = netns.tryLock(fd);
  if (isFree) os.dup2(fd, sharedFile);
  os.close(fd);
  return isFree;
}

/** By a lock on an empty file of root's own folder, which is there only as long as the name is held. */
function hold(name: string): (() => void) | undefined {
  const path = `/run/egress-router-cni-${name}`;
  for (;;) {
    const fd = os.open(path, os.O_WRONLY | os.O_CREAT | openWithoutFollowing, 0o600);
    // A node without the folder has no way to hold a name.
    if (fd < 0) return () => {};
    const isHeld = netns.tryLock(fd);
    const [here, there] = [stat(path), stat(`/proc/self/fd/${fd}`)];
    // Else the one who held it has just let it go, and the file is no longer the one of that name.
    if (isHeld && here?.inode === there?.inode) {
      return () => {
        os.remove(path);
        os.close(fd);
      };
    }
    os.close(fd);
    if (!isHeld) return undefined;
  }
}

/** Only root writes in /run, so what is there of ours is ours. */
const notes = '/run/egress-router-cni';

function keep(name: string, text: string): string | undefined {
  os.mkdir(notes, 0o700);
  // Whoever reads it meanwhile sees all of it or nothing.
  const fresh = `${notes}/.${name}`;
  os.remove(fresh);
  const fault = writeAt(fresh, os.O_WRONLY | os.O_CREAT | openWithoutFollowing, text);
  if (fault !== undefined) return fault;
  const renamed = os.rename(fresh, `${notes}/${name}`);
  return renamed < 0 ? std.strerror(-renamed) : undefined;
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

/**
 * Whoever else may write on the node must not lead us: every folder on the way is root's alone or sticky, which
 * means that what is root's in it stays where it is. The file is new, or root's with one name and a log of ours.
 */
function appendFile(path: string, text: string): string | undefined {
  for (let end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
    const fault = faultOfFolder(path.slice(0, end));
    if (fault !== undefined) return `${path.slice(0, end)} ${fault}`;
  }
  const flags = os.O_WRONLY | os.O_APPEND | openWithoutFollowing | openWithoutWaiting;
  const made = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600);
  const fd = made >= 0 ? made : os.open(path, flags);
  if (fd < 0) return std.strerror(-fd);
  const fault = (made >= 0 ? undefined : faultOfFile(path, fd)) ?? write(fd, text);
  os.close(fd);
  return fault;
}

/** Of a file that was there. What others on the node keep in files of root is not for whoever makes a NAD to add to. */
function faultOfFile(path: string, fd: number): string | undefined {
  const link = `/proc/self/fd/${fd}`;
  const [facts, errno] = os.stat(link);
  const isOfRoot = errno === 0 && (facts.mode & os.S_IFMT) === os.S_IFREG && facts.uid === 0;
  if (!isOfRoot || facts.nlink !== 1) return 'it is not a file of root with one name';
  return isOwnName(path) || isOwnLog(startOf(link)) ? undefined : 'it is not a log of this plugin';
}

function startOf(path: string): string {
  const fd = os.open(path, os.O_RDONLY);
  const bytes = new Uint8Array(64);
  const count = fd < 0 ? 0 : os.read(fd, bytes.buffer, 0, bytes.length);
  if (fd >= 0) os.close(fd);
  return String.fromCharCode(...bytes.subarray(0, Math.max(count, 0)));
}

function faultOfFolder(path: string): string | undefined {
  const [facts, errno] = os.lstat(path);
  if (errno !== 0) return std.strerror(errno);
  if ((facts.mode & os.S_IFMT) !== os.S_IFDIR) return 'is not a folder';
  const isShared = (facts.mode & 0o022) !== 0 && (facts.mode & sticky) === 0;
  return facts.uid !== 0 || isShared ? "is not root's alone" : undefined;
}

const sticky = 0o1000;

/** One write(2) for all of the text: the kernel takes the value of a sysctl in one piece. ASCII only. */
function writeAt(path: string, flags: number, text: string): string | undefined {
  const fd = os.open(path, flags, 0o600);
  if (fd < 0) return std.strerror(-fd);
  const fault = write(fd, text);
  os.close(fd);
  return fault;
}

function write(fd: number, text: string): string | undefined {
  const bytes = Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const written = os.write(fd, bytes.buffer, 0, bytes.length);
  if (written < 0) return std.strerror(-written);
  return written === bytes.length ? undefined : `only ${written} of ${bytes.length} bytes were written`;
}
