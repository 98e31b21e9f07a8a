/** Looks at a process that this one has not started, and tells once when it is gone. */
export function watchProcess(pid: number, onEnd: () => void, everyMs = lookMs): { dispose(): void } {
  const timer = setInterval(() => {
    if (runs(pid)) return;
    clearInterval(timer);
    onEnd();
  }, everyMs);
  return { dispose: () => clearInterval(timer) };
}

const lookMs = 2000;

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user it may be looked at no further, and is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
