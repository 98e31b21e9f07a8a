/** A router of OpenShift SDN as far as its address: more of its variables may follow. */
export const podWithAddress = `apiVersion: v1
kind: Pod
metadata:
  name: egress-partner
  annotations: {pod.network.openshift.io/assign-macvlan: "true"}
spec:
  initContainers:
    - name: egress-router
      image: openshift/origin-egress-router
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99/24
`;

/** The variable by which it reads its rules from `rulesMap`. */
export const rulesVariable = `        - name: EGRESS_DESTINATION
          valueFrom: {configMapKeyRef: {name: egress-routes, key: rules}}
`;

/** More rules may follow. */
export const rulesMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: egress-routes
data:
  rules: |
    8080 tcp 203.0.113.25 80
`;
