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

/** An Event's message has 1,024 characters at most, and words stand before this. */
const maxBody = 900;

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
 * has its say.
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
  const url = `http://${podIp}:${port}${probe.httpGet.path ?? '/'}`;
  const argv = [
    'curl',
    '--silent',
    '--noproxy',
    '*',
    '--max-time',
    seconds,
    '--write-out',
    '\n%{http_code}',
    '--',
    url,
  ];
  const completion = await run(enter(node, argv), { signal });
  if (completion.kind !== 'exited') return { isSuccess: false, message: `probe of ${url} was not run` };
  const end = completion.stdout.lastIndexOf('\n');
  const status = Number(completion.stdout.slice(end + 1));
  const body = completion.stdout.slice(0, Math.max(0, end)).slice(0, maxBody);
  if (completion.code !== 0) {
    const what = completion.code === 28 ? 'context deadline exceeded' : 'connection refused';
    return { isSuccess: false, message: `Get "${url}": ${what}` };
  }
  if (status >= 200 && status < 400) return { isSuccess: true, message: '' };
  return {
    isSuccess: false,
    message: `HTTP probe failed with statuscode: ${status}${body === '' ? '' : `: ${body}`}`,
  };
}

function portOf(container: Container, probe: Probe): number | undefined {
  const port = probe.httpGet?.port;
  if (typeof port === 'number') return port;
  return container.ports?.find((entry) => entry.name === port)?.containerPort;
}
