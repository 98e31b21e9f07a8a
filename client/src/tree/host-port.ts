/** RFC 3986 §3.2.2: an IPv6 address stands in brackets before a port. */
export function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
