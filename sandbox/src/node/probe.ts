import { run } from '../command.ts';
import { enter, type Netns } from '../netns.ts';
import type { Container, Probe } from '../objects.ts';

/** What a probe has said so far, and how often in a row it has contradicted that. */
export interface ProbeState {
  readonly isPassing: boolean;
  readonly contradictions: number;
  readonly message: string;
}

export interface ProbeAnswer {
  readonly isSuccess: boolean;
  readonly message: string;
}

/** Thresholds as Kubernetes defaults them: one success passes, three failures in a row fail. */
export function nextProbeState(state: ProbeState, probe: Probe, answer: ProbeAnswer): ProbeState {
  if (answer.isSuccess === state.isPassing) return { ...state, contradictions: 0, message: answer.message };
  const threshold = answer.isSuccess ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  const contradictions = state.contradictions + 1;
  if (contradictions < threshold) return { ...state, contradictions, message: answer.message };
  return { isPassing: answer.isSuccess, contradictions: 0, message: answer.message };
}

/**
 * Asks the container as the kubelet would: from the node, at the pod's address, so that the pod's own packet filter
 * has its say. Of an answer it passes on the status alone, never the text (Kubernetes 1.36, `pkg/probe/http`).
 */
export async function askProbe(
  node: Netns,
  podIp: string,
  container: Container,
  probe: Probe,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const port = portOf(container, probe);
  if (probe.httpGet === undefined || port === undefined) {
    return { isSuccess: false, message: 'this sandbox runs httpGet probes with a known port only' };
  }
  const seconds = String(probe.timeoutSeconds ?? 1);
  const authority = `${podIp.includes(':') ? `[${podIp}]` : podIp}:${port}`;
  const url = `http://${authority}${probe.httpGet.path ?? '/'}`;
  const argv = [
    'curl',
    '--silent',
    '--noproxy',
    '*',
    '--max-time',
    seconds,
    '--output',
    '/dev/null',
    '--write-out',
    '%{http_code}',
    '--',
    url,
  ];
  const completion = await run(enter(node, argv), { signal });
  if (completion.kind !== 'exited') return { isSuccess: false, message: `probe of ${url} was not run` };
  if (completion.code !== 0)
    return { isSuccess: false, message: `Get "${url}": ${failureOf(completion.code, authority)}` };
  const status = Number(completion.stdout);
  if (status >= 200 && status < 400) return { isSuccess: true, message: '' };
  return { isSuccess: false, message: `HTTP probe failed with statuscode: ${status}` };
}

/** In the words of Go's HTTP client. */
function failureOf(exitCode: number, authority: string): string {
  return exitCode === 28
    ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    : `dial tcp ${authority}: connect: connection refused`;
}

function portOf(container: Container, probe: Probe): number | undefined {
  const port = probe.httpGet?.port;
  if (typeof port === 'number') return port;
  return container.ports?.find((entry) => entry.name === port)?.containerPort;
}
