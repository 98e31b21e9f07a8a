import fc from 'fast-check';

/** Takes the `|` out of a text: it stands where the cursor is. */
export function cursorIn(text: string): { text: string; offset: number } {
  const offset = text.indexOf('|');
  if (offset < 0) throw new Error(`No cursor in ${JSON.stringify(text)}`);
  return { text: text.slice(0, offset) + text.slice(offset + 1), offset };
}

/** A sound manifest's first lines, for tests that are about what follows. */
export const head = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner-api
`;

/** The sample router of the documentation. */
export const router = `${head}  namespace: web
spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
`;

/** The Service that leads to it. */
export const service = `apiVersion: v1
kind: Service
metadata:
  name: partner-api
  namespace: web
spec:
  selector:
    app: egress-router-cni
  ports:
    - port: 8080
`;

/** Text of the characters that mean something to YAML, and of some that no one expects. */
export const roughText = fc.string({
  unit: fc.constantFrom(
    ...'-.:,#"\'[]{}&*!|>%@`?~ \t\r\n\u2028\uFEFF\0ab1'.split(''),
    '\uD800',
    '---\n',
    '...\n',
    '\r\n',
  ),
});
