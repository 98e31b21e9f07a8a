/** A named expression of a ValidatingAdmissionPolicy, evaluated when it is first asked for. */
export interface AdmissionVariable {
  readonly name: string;
  /** CEL, as https://kubernetes.io/docs/reference/using-api/cel has it. */
  readonly expression: string;
}

/** Whether one of a list of networks holds the address. */
export function containsAny(networks: string, ip: string): string {
  return `${networks}.exists(n, cidr(n).containsIP(${ip}))`;
}

/** Whether an IPv4 address, as text, is the last one of its network; `size`: how many are in that. */
export function isBroadcast(text: string, size: string): string {
  const number = [0, 1, 2, 3].map((index) => `int(o[${index}]) * ${256 ** (3 - index)}`).join(' + ');
  return `[${text}.split(".")].exists(o, (${number} + 1) % ${size} == 0)`;
}

/** How many addresses are in the IPv4 network of a CIDR text. */
export function subnetSize(cidr: string): string {
  return `variables.sizes[32 - cidr(${cidr}).prefixLength()]`;
}

/** Whether a text is an IPv4-mapped IPv6 address, which `ip` and `cidr` do not read and the schema takes. */
export function isMapped(text: string): string {
  return `(!isIP(${text}) && ${text}.matches("^(0{0,4}:){2,6}[fF]{4}:[0-9a-fA-F.:]+$"))`;
}
