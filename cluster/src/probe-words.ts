/** What the router answered, out of the words that the kubelet puts before the answer to a failed probe. */
export function withoutProbe(message: string): string {
  const answer = message
    .replace(/^Readiness probe failed: HTTP probe failed with statuscode: \d+:\s*/, '')
    .trim();
  return answer === '' ? message : answer;
}
