/** A manifest to fill in, in the snippet syntax of the Language Server Protocol. */
export const manifestSkeleton = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: \${1:my-router}
spec:
  addresses:
    - ip: \${2:192.168.12.99/24}
      gateway: \${3:192.168.12.1}
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
$0`;
