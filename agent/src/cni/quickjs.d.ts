/** tools/quickjs/netns.c */
declare module 'netns' {
  /** Until the next call, what is started begins in the namespace of that file, or ends with 126; -1: in our own. */
  export function startIn(fd: number): void;
  /** @returns false where others have the lock */
  export function tryLock(fd: number): boolean;
}

/** The part of QuickJS' two built-in modules that `platform-quickjs.ts` uses. */
declare module 'std' {
  export interface File {
    close(): void;
    puts(text: string): void;
    flush(): void;
    /** Whether a write has failed. */
    error(): boolean;
    seek(offset: number, whence: number): number;
    fileno(): number;
    readAsString(): string;
  }
  const SEEK_SET: number;
  const Error: { readonly ENOENT: number };
  const stdin: File;
  const out: File;
  const err: File;

  export { Error, err, out, SEEK_SET, stdin as in };
  export function fdopen(fd: number, flags: string): File;
  export function tmpfile(): File | null;
  export function open(path: string, flags: string): File | null;
  export function getenv(name: string): string | undefined;
  export function getenviron(): Record<string, string>;
  export function strerror(errno: number): string;
  export function exit(code: number): never;
}

declare module 'os' {
  export interface Timer {
    readonly __brand: 'Timer';
  }
  export interface Stat {
    readonly dev: number;
    readonly ino: number;
    readonly mode: number;
    readonly nlink: number;
    readonly uid: number;
  }
  export interface ExecOptions {
    readonly block: boolean;
    readonly usePath: boolean;
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: number;
    readonly stdout?: number;
    readonly stderr?: number;
  }
  export const O_RDONLY: number;
  export const O_WRONLY: number;
  export const O_APPEND: number;
  export const O_CREAT: number;
  export const O_EXCL: number;
  export const S_IFMT: number;
  export const S_IFREG: number;
  export const S_IFDIR: number;
  export const WNOHANG: number;
  export function getpid(): number;
  export function open(path: string, flags: number, mode?: number): number;
  export function dup2(from: number, to: number): number;
  export function close(fd: number): number;
  export function remove(path: string): number;
  /** @returns zero, or a negative error number */
  export function rename(from: string, to: string): number;
  export function mkdir(path: string, mode: number): number;
  /** @returns also `.` and `..`; nothing where it cannot be read */
  export function readdir(path: string): [string[], number];
  export function seek(fd: number, offset: number, whence: number): number;
  /** @returns null where no more files can be opened */
  export function pipe(): [number, number] | null;
  /** @returns how many bytes it read, or a negative error number */
  export function read(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function setReadHandler(fd: number, handler: (() => void) | null): void;
  export function setTimeout(run: () => void, delayMs: number): Timer;
  export function clearTimeout(timer: Timer): void;
  export function kill(pid: number, signal: number): number;
  export function write(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  /** Of a symbolic link itself. */
  export function lstat(path: string): [Stat, number];
  export function stat(path: string): [Stat, number];
  export function exec(args: readonly string[], options: ExecOptions): number;
  export function waitpid(pid: number, options: number): [number, number];
}

/** Set when the executable is built: the value of open(2)'s flag differs between processors. */
declare const openWithoutFollowing: number;
