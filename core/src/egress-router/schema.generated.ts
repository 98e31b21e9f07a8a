import type { JsonSchema } from '#core/schema/json-schema.ts';

/** Generated from agent/deploy/manifests/crd.yaml by `npm run generate`. */
export const egressRouterSchema: JsonSchema = {
  "type": "object",
  "description": "A pod that owns a reserved IP address on the node's network. Connections that clients make to it are redirected to remote servers and leave with the reserved address, so that a server which admits only known addresses lets the cluster in.",
  "required": [
    "apiVersion",
    "kind",
    "metadata",
    "spec"
  ],
  "properties": {
    "apiVersion": {
      "type": "string",
      "description": "The group and version of the resource.",
      "const": "network.operator.openshift.io/v1"
    },
    "kind": {
      "type": "string",
      "description": "The kind of the resource.",
      "const": "EgressRouter"
    },
    "metadata": {
      "type": "object",
      "description": "The name of the router, its namespace, labels and annotations.",
      "properties": {
        "name": {
          "type": "string",
          "description": "The name of the router, one of its kind in the namespace.",
          "minLength": 1,
          "maxLength": 253
        },
        "generateName": {
          "type": "string",
          "nullable": true,
          "description": "A prefix from which the server makes a name."
        },
        "namespace": {
          "type": "string",
          "nullable": true,
          "description": "The namespace of the router and of its pod. Without it, that of the current context."
        },
        "labels": {
          "type": "object",
          "nullable": true,
          "additionalProperties": {
            "type": "string",
            "nullable": true
          },
          "description": "Labels, by which objects are selected."
        },
        "annotations": {
          "type": "object",
          "nullable": true,
          "additionalProperties": {
            "type": "string",
            "nullable": true
          },
          "description": "Annotations, for tools and people."
        }
      }
    },
    "spec": {
      "type": "object",
      "description": "What the router is to be.",
      "required": [
        "addresses"
      ],
      "oneOf": [
        {
          "properties": {
            "mode": {
              "enum": [
                "Redirect"
              ]
            }
          },
          "required": [
            "redirect"
          ]
        }
      ],
      "properties": {
        "mode": {
          "type": "string",
          "description": "How the router treats connections. Redirect is the only mode there is.",
          "enum": [
            "Redirect"
          ],
          "default": "Redirect"
        },
        "networkInterface": {
          "type": "object",
          "description": "The interface that carries the reserved address. Only macvlan is supported.",
          "default": {
            "macvlan": {
              "mode": "Bridge"
            }
          },
          "oneOf": [
            {
              "required": []
            }
          ],
          "properties": {
            "macvlan": {
              "type": "object",
              "description": "A macvlan interface on a NIC of the node.",
              "default": {
                "mode": "Bridge"
              },
              "required": [],
              "properties": {
                "mode": {
                  "type": "string",
                  "description": "How macvlan interfaces on the same NIC reach each other. Bridge lets them talk directly, Private never, VEPA through an outside switch, and Passthru gives the NIC to one of them.",
                  "enum": [
                    "Bridge",
                    "Private",
                    "VEPA",
                    "Passthru"
                  ],
                  "default": "Bridge"
                },
                "master": {
                  "type": "string",
                  "description": "The NIC of the node under the macvlan interface. Leave it out where the NIC can be told from the address."
                }
              },
              "additionalProperties": false
            }
          },
          "additionalProperties": false
        },
        "addresses": {
          "type": "array",
          "description": "The reserved addresses of the router, at most one of each family on most platforms.",
          "items": {
            "type": "object",
            "description": "A reserved address and the gateway to leave by.",
            "required": [
              "ip"
            ],
            "properties": {
              "ip": {
                "type": "string",
                "description": "The reserved address with the prefix length of its network, in CIDR notation. Nothing else on the network may use it."
              },
              "gateway": {
                "type": "string",
                "description": "The next hop on that network, through which the remote servers are reached.",
                "anyOf": [
                  {
                    "format": "ipv4"
                  },
                  {
                    "format": "ipv6"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "redirect": {
          "type": "object",
          "description": "Where connections go in Redirect mode.",
          "properties": {
            "redirectRules": {
              "type": "array",
              "description": "One entry for each port on which clients reach a remote server.",
              "items": {
                "type": "object",
                "description": "Sends connections on one port of the router to a remote server.",
                "required": [
                  "destinationIP",
                  "port",
                  "protocol"
                ],
                "properties": {
                  "destinationIP": {
                    "type": "string",
                    "description": "The remote server, as an IPv4 or IPv6 address. Names are not resolved.",
                    "anyOf": [
                      {
                        "format": "ipv4"
                      },
                      {
                        "format": "ipv6"
                      }
                    ]
                  },
                  "port": {
                    "type": "integer",
                    "format": "int32",
                    "description": "The port of the router that clients connect to.",
                    "minimum": 1,
                    "maximum": 65535
                  },
                  "protocol": {
                    "type": "string",
                    "description": "The transport protocol of the connection.",
                    "enum": [
                      "TCP",
                      "UDP",
                      "SCTP"
                    ]
                  },
                  "targetPort": {
                    "type": "integer",
                    "format": "int32",
                    "description": "The port of the remote server. Without it, the same number as port.",
                    "minimum": 1,
                    "maximum": 65535
                  }
                },
                "additionalProperties": false
              }
            },
            "fallbackIP": {
              "type": "string",
              "description": "The remote server for every port without a rule, same port. Without it, connections to such ports are rejected.",
              "anyOf": [
                {
                  "format": "ipv4"
                },
                {
                  "format": "ipv6"
                }
              ]
            }
          },
          "additionalProperties": false
        }
      },
      "additionalProperties": false
    },
    "status": {
      "type": "object",
      "description": "What was seen of the router.",
      "required": [
        "conditions"
      ],
      "properties": {
        "conditions": {
          "type": "array",
          "description": "Whether the router works, is on its way, or fails and why.",
          "items": {
            "type": "object",
            "required": [
              "lastTransitionTime",
              "status",
              "type"
            ],
            "properties": {
              "type": {
                "type": "string",
                "description": "What the condition is about.",
                "enum": [
                  "Available",
                  "Progressing",
                  "Degraded"
                ]
              },
              "status": {
                "type": "string",
                "description": "Whether the condition holds.",
                "enum": [
                  "True",
                  "False",
                  "Unknown"
                ]
              },
              "lastTransitionTime": {
                "type": "string",
                "format": "date-time",
                "nullable": true,
                "description": "When status last changed."
              },
              "reason": {
                "type": "string",
                "description": "The cause in one CamelCase word, for programs."
              },
              "message": {
                "type": "string",
                "description": "The cause in a sentence, for people."
              }
            },
            "additionalProperties": false
          }
        }
      },
      "additionalProperties": false
    }
  },
  "additionalProperties": false,
  "title": "EgressRouter"
};
