import type { JsonSchema } from '#core/schema/json-schema.ts';

const text: JsonSchema = { type: 'string', nullable: true };
const flag: JsonSchema = { type: 'boolean', nullable: true };
const texts = (item: string): JsonSchema => ({
  type: 'array',
  nullable: true,
  items: { type: 'string', description: item },
});

const ports: JsonSchema = {
  type: 'array',
  nullable: true,
  description: 'The ports that clients connect to: one for each rule of the router.',
  items: {
    type: 'object',
    description: 'A port that clients connect to.',
    required: ['port'],
    properties: {
      name: { ...text, maxLength: 63, description: 'The name of the port; needed where there are several.' },
      port: {
        type: 'integer',
        minimum: 1,
        maximum: 65535,
        description: 'The port that clients connect to.',
      },
      protocol: {
        ...text,
        enum: ['TCP', 'UDP', 'SCTP'],
        default: 'TCP',
        description: 'The protocol of the port. TCP where it is not written.',
      },
      targetPort: {
        'x-kubernetes-int-or-string': true,
        nullable: true,
        minimum: 0,
        maximum: 65535,
        description: 'The port of the router: one of its rules. The same as `port` where it is not written.',
      },
      nodePort: {
        type: 'integer',
        nullable: true,
        minimum: 0,
        maximum: 65535,
        description:
          'The port of each node, with `type: NodePort` or `LoadBalancer`. Where it is not written, the cluster takes a free one of its range, which is 30000 to 32767 unless it was set up otherwise.',
      },
      appProtocol: {
        ...text,
        description: 'What is spoken on the port, as a hint to proxies and meshes, such as `https`.',
      },
    },
    additionalProperties: false,
  },
};

/** The `spec` of a Service, as the API server takes it. What lies between its fields is `checkServiceSpec`'s. */
export const serviceSpecSchema: JsonSchema = {
  type: 'object',
  nullable: true,
  description: 'Where the Service leads to, and on which ports.',
  properties: {
    type: {
      ...text,
      enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
      default: 'ClusterIP',
      description:
        'From where clients connect: from within the cluster (`ClusterIP`, the default), to a port of each node (`NodePort`), or from outside (`LoadBalancer`). `ExternalName` leads to no pod: it is another name in DNS.',
    },
    selector: {
      type: 'object',
      nullable: true,
      additionalProperties: {
        ...text,
        description: 'The value that the label has on the pod of the router.',
      },
      description:
        'The labels of the pods that the Service leads to. The pod of the only egress router of a namespace has `app: egress-router-cni`.',
    },
    ports,
    clusterIP: {
      ...text,
      description:
        'The address of the Service within the cluster, which takes a free one where none is written. `None` makes it headless: its name leads to the address of the pod itself.',
    },
    clusterIPs: {
      ...texts('An address of the Service.'),
      description: 'The addresses of the Service, one of each family. The first one is `clusterIP`.',
    },
    ipFamilyPolicy: {
      ...text,
      enum: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
      description: 'Whether the Service has an address of one family or of both.',
    },
    ipFamilies: {
      type: 'array',
      nullable: true,
      items: { type: 'string', enum: ['IPv4', 'IPv6'], description: 'A family of addresses.' },
      description: 'The families of the addresses of the Service, the first one first.',
    },
    sessionAffinity: {
      ...text,
      enum: ['None', 'ClientIP'],
      default: 'None',
      description:
        'Whether a client always gets to the same pod. A router is one pod, so there is nothing to choose.',
    },
    sessionAffinityConfig: {
      type: 'object',
      nullable: true,
      description: 'How long a client keeps its pod, with `sessionAffinity: ClientIP`.',
      properties: {
        clientIP: {
          type: 'object',
          nullable: true,
          description: 'How long the address of a client is remembered.',
          properties: {
            timeoutSeconds: {
              type: 'integer',
              nullable: true,
              minimum: 1,
              maximum: 86_400,
              description: 'In seconds, at most a day. Three hours where it is not written.',
            },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    internalTrafficPolicy: {
      ...text,
      enum: ['Cluster', 'Local'],
      default: 'Cluster',
      description:
        'With `Local`, clients only reach a pod of their own node: those on other nodes do not reach the router.',
    },
    externalTrafficPolicy: {
      ...text,
      enum: ['Cluster', 'Local'],
      description: 'With `Local`, what comes from outside only reaches a pod of the node where it arrives.',
    },
    trafficDistribution: {
      ...text,
      enum: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
      description: 'Which of several pods a client is led to. A router is one pod.',
    },
    externalIPs: {
      ...texts('An address of a node.'),
      description: 'Addresses of nodes, at which the Service is reached from outside.',
    },
    externalName: {
      ...text,
      description: 'The name in DNS that clients are led to, with `type: ExternalName` only.',
    },
    loadBalancerIP: { ...text, description: 'The address to ask the cloud for. Outdated.' },
    loadBalancerSourceRanges: {
      ...texts('A network of clients, such as 192.168.12.0/24.'),
      description: 'The networks whose clients may connect, with `type: LoadBalancer`.',
    },
    loadBalancerClass: {
      ...text,
      description: 'Whose load balancer it is, with `type: LoadBalancer`.',
    },
    allocateLoadBalancerNodePorts: {
      ...flag,
      description: 'Whether its ports get a port of each node too, with `type: LoadBalancer`.',
    },
    healthCheckNodePort: {
      type: 'integer',
      nullable: true,
      minimum: 0,
      maximum: 65535,
      description:
        'The port of each node at which a load balancer asks, with `externalTrafficPolicy: Local`.',
    },
    publishNotReadyAddresses: {
      ...flag,
      description: 'Whether clients are led to a pod that is not ready yet.',
    },
  },
  additionalProperties: false,
};

/** A Service with all that a person writes, for completion and hover. */
export const serviceSchema: JsonSchema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string', const: 'v1', description: 'The version of the API.' },
    kind: {
      type: 'string',
      const: 'Service',
      description: 'A name and an address by which clients within the cluster reach the pod of a router.',
    },
    metadata: {
      type: 'object',
      description: 'Name, namespace, labels and annotations.',
      properties: {
        name: {
          type: 'string',
          description: 'The name that clients look up. Mostly it is that of the router.',
        },
        namespace: { type: 'string', description: 'The namespace, which has to be that of the router.' },
        labels: { type: 'object', description: 'Labels, by which objects are selected.' },
        annotations: { type: 'object', description: 'Annotations, for tools and people.' },
      },
    },
    spec: serviceSpecSchema,
  },
};
