import { nothingAround, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { proposedAddress } from '#core/egress-router/candidates/proposed-address.ts';

/** Manifests to fill in, in the snippet syntax of the Language Server Protocol. */
export function manifestSkeletons(surroundings: Surroundings = nothingAround): readonly ManifestSkeleton[] {
  const ip4 = proposedAddress(4, surroundings);
  const ip6 = proposedAddress(6, surroundings);
  return [
    {
      label: 'egress-router',
      detail: 'EgressRouter',
      description: 'A router with a reserved IPv4 address that redirects one port',
      text: `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: \${1:my-router}
spec:
  addresses:
    - ip: \${2:${ip4.ip}}
      gateway: \${3:${ip4.gateway}}
  mode: Redirect
  redirect:
    redirectRules:
      - port: \${4:8080}
        protocol: \${5|TCP,UDP,SCTP|}
        destinationIP: \${6:203.0.113.25}
        targetPort: \${7:80}
  networkInterface:
    macvlan:
      mode: \${8|Bridge,Private,VEPA,Passthru|}
$0`,
    },
    {
      label: 'egress-router-dual-stack',
      detail: 'EgressRouter for IPv4 and IPv6',
      description:
        'A router with a reserved address of each family. Under the Cluster Network Operator only the first one takes effect',
      text: `# egressRouter.reconciler: agent
apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: \${1:my-router}
spec:
  addresses:
    - ip: \${2:${ip4.ip}}
      gateway: \${3:${ip4.gateway}}
    - ip: \${4:${ip6.ip}}
      gateway: \${5:${ip6.gateway}}
  mode: Redirect
  redirect:
    redirectRules:
      - port: \${6:8080}
        protocol: TCP
        destinationIP: \${7:203.0.113.25}
        targetPort: \${8:80}
      - port: \${6:8080}
        protocol: TCP
        destinationIP: \${9:2001:db8::25}
        targetPort: \${8:80}
  networkInterface:
    macvlan:
      mode: Bridge
$0`,
    },
    {
      label: 'egress-router-service',
      detail: 'Service of an EgressRouter',
      description: 'The Service that clients connect to. The platform makes none',
      text: `apiVersion: v1
kind: Service
metadata:
  name: \${1:my-router}
  labels:
    app: egress-router-cni
spec:
  type: ClusterIP
  selector:
    app: egress-router-cni
  ports:
    - name: \${2|tcp,udp,sctp|}-\${3:8080}
      protocol: \${4|TCP,UDP,SCTP|}
      port: \${3:8080}
      targetPort: \${3:8080}
$0`,
    },
    {
      label: 'egress-router-nad',
      detail: 'NetworkAttachmentDefinition',
      description: 'The NetworkAttachmentDefinition that an operator makes of a router, to write one by hand',
      text: `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
spec:
  config: |
    {
      "cniVersion": "0.4.0",
      "type": "egress-router",
      "name": "egress-router-cni-nad",
      "ip": {
        "addresses": ["\${1:${ip4.ip}}"],
        "gateway": "\${2:${ip4.gateway}}",
        "destinations": ["\${3:8080} \${4|TCP,UDP,SCTP|} \${5:203.0.113.25} \${6:80}"]
      }
    }
$0`,
    },
  ];
}

export interface ManifestSkeleton {
  readonly label: string;
  /** What it is of. */
  readonly detail: string;
  /** Without a full stop. */
  readonly description: string;
  readonly text: string;
}
