/** What the texts are made of that nobody writes and a disk may hold. */
export const head = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner-api
  namespace: web
`;
export const router = `${head}spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}
`;
export const nadHead = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: egress-router-cni-nad, namespace: web}
spec:
`;

export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_one, index) => line(index)).join('');
}

/** As the rest of an entry of a list. */
export function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n    ');
}

export function ruleOf(port: number, protocol: string): string {
  return `      - {port: ${port}, protocol: ${protocol}, destinationIP: 203.0.113.25, targetPort: 80}\n`;
}

export function networkOf(index: number): string {
  return `    - ip: 10.${index >> 8}.${index & 255}.9/24\n`;
}

export function quotedRule(index: number): string {
  return `"${index + 1} tcp 203.0.113.25 80",`;
}

export function routerItem(index: number): string {
  return `  - ${indented(router).replace('partner-api', `r${index}`)}\n`;
}

export function netConf(destinations: string): string {
  return `{"cniVersion":"0.4.0","type":"egress-router","name":"x","ip":{"addresses":["192.168.12.99/24"],"gateway":"192.168.12.1","destinations":[${destinations}]}}`;
}

/** Nine of each letter hold nine of the one before it. */
export function bomb(): string {
  const letters = 'abcdefghi';
  return lines(letters.length - 1, (index) => {
    const inner = Array.from({ length: 9 }, () => `*${letters[index]}`).join(',');
    return `${letters[index + 1]}: &${letters[index + 1]} [${inner}]\n`;
  });
}
