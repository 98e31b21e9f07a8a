import { macvlanModes } from '#core/egress-router/wire.ts';
import { cniType } from '#core/manifest/names.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';
import { logLevels } from './model.ts';

/** The keys of a network configuration, for completion and hover. What is wrong in one, `parseNetConf` tells. */
export const netConfSchema: JsonSchema = {
  type: 'object',
  description: 'The configuration that the CNI plugin gets for the pod of an egress router.',
  required: ['cniVersion', 'type', 'name', 'ip'],
  additionalProperties: false,
  properties: {
    cniVersion: {
      type: 'string',
      description: 'The version of the CNI specification that the configuration follows.',
      default: '0.4.0',
    },
    type: {
      type: 'string',
      description: 'The plugin that reads the configuration, which is also the name of its executable.',
      const: cniType,
    },
    name: {
      type: 'string',
      description:
        'The name of the network: letters, digits, "_", "." and "-". Multus fills in that of the NAD.',
    },
    ip: {
      type: 'object',
      description: 'The addresses of the router and where it redirects connections to.',
      required: ['addresses'],
      additionalProperties: false,
      properties: {
        addresses: {
          type: 'array',
          description:
            'The reserved addresses of the router, each with the length of its network prefix. The Cluster Network Operator and its plugin take the first one only.',
          items: {
            type: 'string',
            description: 'An address with the length of its network prefix: 192.168.12.99/24.',
            format: 'cidr',
          },
        },
        gateway: {
          type: 'string',
          description: 'The next hop on the network of the first address. Several addresses take a list.',
        },
        destinations: {
          type: 'array',
          description: 'Where connections go, one entry for each port.',
          items: {
            type: 'string',
            description:
              '"<port> <protocol> <ip> [<target port>]", such as "8080 TCP 203.0.113.25 80"; a lone address is where every other port goes.',
          },
        },
        fallbackIP: {
          type: 'string',
          description:
            'Where connections to ports without an entry in "destinations" go, same port. The plugin of the platform does not know this key and ignores it.',
        },
      },
    },
    interfaceType: {
      type: 'string',
      description: 'The kind of interface that the pod gets.',
      enum: ['macvlan'],
      default: 'macvlan',
    },
    interfaceArgs: {
      type: 'object',
      description: 'How the macvlan interface is made. All values are strings.',
      additionalProperties: false,
      properties: {
        mode: {
          type: 'string',
          description: 'How macvlan interfaces of the same NIC reach each other.',
          enum: macvlanModes.map((mode) => mode.toLowerCase()),
          default: 'bridge',
        },
        master: {
          type: 'string',
          description: 'The NIC of the node. Without it, the one whose network holds the address is taken.',
        },
        mtu: {
          type: 'string',
          description: 'The largest packet, from 68 to 65535 bytes. Without it, that of the NIC.',
        },
      },
    },
    mac: {
      type: 'string',
      description:
        'The MAC of the interface, such as "02:42:c0:a8:0c:63". Without it, each pod has another one. Not in mode passthru, and only one interface of a NIC can have it. The plugin of the platform does not know this key and ignores it.',
    },
    dad: {
      type: 'object',
      description:
        'Duplicate address detection: before an address is claimed, the network is asked whether another machine has it. The plugin of the platform does not know this key and ignores it.',
      additionalProperties: false,
      properties: {
        timeoutMs: {
          type: 'integer',
          description:
            'How long to wait for an answer, in milliseconds, from 0 to 10000. 0 turns the detection off.',
          default: 100,
        },
      },
    },
    localPorts: {
      type: 'array',
      description:
        'Ports on which the pod itself answers on the cluster network. The plugin of the platform ignores them.',
      items: { type: 'string', description: '"<port> <protocol>", such as "9410 TCP".' },
    },
    log_file: {
      type: 'string',
      description: 'The file on the node that the plugin logs to, below /var/log or /tmp.',
      default: '/tmp/egress-router-log',
    },
    log_level: {
      type: 'string',
      description: 'How much is logged.',
      enum: logLevels,
      default: 'debug',
    },
  },
};
