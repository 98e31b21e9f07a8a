import type { AgentParts } from './agent-parts.ts';

/** Made by `npm run generate`; edit scripts/generate-manifests.mjs instead. */
export const generatedAgentObjects: AgentParts = {
  "crd": {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
      "name": "egressrouters.network.operator.openshift.io",
      "annotations": {
        "api-approved.kubernetes.io": "unapproved, structurally the resource of the platform"
      }
    },
    "spec": {
      "group": "network.operator.openshift.io",
      "names": {
        "kind": "EgressRouter",
        "listKind": "EgressRouterList",
        "plural": "egressrouters",
        "singular": "egressrouter"
      },
      "scope": "Namespaced",
      "versions": [
        {
          "name": "v1",
          "served": true,
          "storage": true,
          "subresources": {
            "status": {}
          },
          "additionalPrinterColumns": [
            {
              "name": "Condition",
              "type": "string",
              "jsonPath": ".status.conditions[*].type"
            },
            {
              "name": "Status",
              "type": "string",
              "jsonPath": ".status.conditions[*].status"
            }
          ],
          "schema": {
            "openAPIV3Schema": {
              "type": "object",
              "description": "A pod that owns a reserved IP address on the node's network. Connections that clients make to it are redirected to remote servers and leave with the reserved address, so that a server which admits only known addresses lets the cluster in.",
              "required": [
                "spec"
              ],
              "properties": {
                "apiVersion": {
                  "type": "string",
                  "description": "The group and version of the resource."
                },
                "kind": {
                  "type": "string",
                  "description": "The kind of the resource."
                },
                "metadata": {
                  "type": "object"
                },
                "spec": {
                  "type": "object",
                  "description": "What the router is to be.",
                  "required": [
                    "addresses",
                    "mode",
                    "networkInterface"
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
                          "required": [
                            "macvlan"
                          ]
                        }
                      ],
                      "properties": {
                        "macvlan": {
                          "type": "object",
                          "description": "A macvlan interface on a NIC of the node.",
                          "default": {
                            "mode": "Bridge"
                          },
                          "required": [
                            "mode"
                          ],
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
                          }
                        }
                      }
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
                        }
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
                            }
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
                      }
                    }
                  }
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
                      "x-kubernetes-list-type": "map",
                      "x-kubernetes-list-map-keys": [
                        "type"
                      ],
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
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      ]
    }
  },
  "namespace": {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
      "name": "egress-router-tools",
      "labels": {
        "pod-security.kubernetes.io/enforce": "privileged"
      }
    }
  },
  "rbac": [
    {
      "apiVersion": "v1",
      "kind": "ServiceAccount",
      "metadata": {
        "name": "egress-router-operator",
        "namespace": "egress-router-tools"
      }
    },
    {
      "apiVersion": "rbac.authorization.k8s.io/v1",
      "kind": "ClusterRole",
      "metadata": {
        "name": "egress-router-operator"
      },
      "rules": [
        {
          "apiGroups": [
            "network.operator.openshift.io"
          ],
          "resources": [
            "egressrouters"
          ],
          "verbs": [
            "get",
            "list",
            "watch"
          ]
        },
        {
          "apiGroups": [
            "network.operator.openshift.io"
          ],
          "resources": [
            "egressrouters/status"
          ],
          "verbs": [
            "patch"
          ]
        },
        {
          "apiGroups": [
            "k8s.cni.cncf.io"
          ],
          "resources": [
            "network-attachment-definitions"
          ],
          "verbs": [
            "get",
            "list",
            "watch",
            "create",
            "patch"
          ]
        },
        {
          "apiGroups": [
            ""
          ],
          "resources": [
            "configmaps"
          ],
          "verbs": [
            "get",
            "list",
            "watch",
            "create",
            "patch"
          ]
        },
        {
          "apiGroups": [
            "apps"
          ],
          "resources": [
            "deployments"
          ],
          "verbs": [
            "get",
            "list",
            "watch",
            "create",
            "patch"
          ]
        },
        {
          "apiGroups": [
            ""
          ],
          "resources": [
            "services"
          ],
          "verbs": [
            "get",
            "list",
            "watch",
            "create",
            "patch",
            "delete"
          ]
        },
        {
          "apiGroups": [
            ""
          ],
          "resources": [
            "pods"
          ],
          "verbs": [
            "list",
            "watch"
          ]
        },
        {
          "apiGroups": [
            ""
          ],
          "resources": [
            "events"
          ],
          "verbs": [
            "list",
            "watch",
            "create",
            "patch"
          ]
        },
        {
          "apiGroups": [
            "config.openshift.io"
          ],
          "resources": [
            "clusteroperators"
          ],
          "resourceNames": [
            "network"
          ],
          "verbs": [
            "get"
          ]
        }
      ]
    },
    {
      "apiVersion": "rbac.authorization.k8s.io/v1",
      "kind": "ClusterRoleBinding",
      "metadata": {
        "name": "egress-router-operator"
      },
      "roleRef": {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": "egress-router-operator"
      },
      "subjects": [
        {
          "kind": "ServiceAccount",
          "name": "egress-router-operator",
          "namespace": "egress-router-tools"
        }
      ]
    },
    {
      "apiVersion": "rbac.authorization.k8s.io/v1",
      "kind": "Role",
      "metadata": {
        "name": "egress-router-operator",
        "namespace": "egress-router-tools"
      },
      "rules": [
        {
          "apiGroups": [
            "coordination.k8s.io"
          ],
          "resources": [
            "leases"
          ],
          "verbs": [
            "create"
          ]
        },
        {
          "apiGroups": [
            "coordination.k8s.io"
          ],
          "resources": [
            "leases"
          ],
          "resourceNames": [
            "egress-router-operator"
          ],
          "verbs": [
            "get",
            "update"
          ]
        },
        {
          "apiGroups": [
            ""
          ],
          "resources": [
            "pods"
          ],
          "verbs": [
            "get"
          ]
        }
      ]
    },
    {
      "apiVersion": "rbac.authorization.k8s.io/v1",
      "kind": "RoleBinding",
      "metadata": {
        "name": "egress-router-operator",
        "namespace": "egress-router-tools"
      },
      "roleRef": {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "Role",
        "name": "egress-router-operator"
      },
      "subjects": [
        {
          "kind": "ServiceAccount",
          "name": "egress-router-operator",
          "namespace": "egress-router-tools"
        }
      ]
    }
  ],
  "admission": [
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicy",
      "metadata": {
        "name": "egress-router-operator-writes"
      },
      "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {
          "resourceRules": [
            {
              "apiGroups": [
                ""
              ],
              "apiVersions": [
                "*"
              ],
              "operations": [
                "CREATE",
                "UPDATE",
                "DELETE"
              ],
              "resources": [
                "configmaps",
                "services"
              ]
            },
            {
              "apiGroups": [
                "apps"
              ],
              "apiVersions": [
                "*"
              ],
              "operations": [
                "CREATE",
                "UPDATE",
                "DELETE"
              ],
              "resources": [
                "deployments"
              ]
            },
            {
              "apiGroups": [
                "k8s.cni.cncf.io"
              ],
              "apiVersions": [
                "*"
              ],
              "operations": [
                "CREATE",
                "UPDATE",
                "DELETE"
              ],
              "resources": [
                "network-attachment-definitions"
              ]
            }
          ]
        },
        "matchConditions": [
          {
            "name": "by-the-operator",
            "expression": "request.userInfo.username.startsWith(\"system:serviceaccount:\") && request.userInfo.username.endsWith(\":egress-router-operator\")"
          }
        ],
        "validations": [
          {
            "expression": "request.resource.resource == \"services\" || request.name.startsWith(\"egress-router-cni-\")",
            "message": "The operator of egress routers writes objects only whose names begin with egress-router-cni-."
          },
          {
            "expression": "request.resource.resource != \"services\" || (request.operation == \"CREATE\" || has(oldObject.metadata.ownerReferences) && oldObject.metadata.ownerReferences.exists(o, o.kind == \"EgressRouter\" && has(o.controller) && o.controller)) && (request.operation == \"DELETE\" || has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(o, o.kind == \"EgressRouter\" && has(o.controller) && o.controller))",
            "message": "The operator of egress routers writes only Services that an egress router owns."
          }
        ]
      }
    },
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicyBinding",
      "metadata": {
        "name": "egress-router-operator-writes"
      },
      "spec": {
        "policyName": "egress-router-operator-writes",
        "validationActions": [
          "Deny"
        ]
      }
    },
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicy",
      "metadata": {
        "name": "egress-routers"
      },
      "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {
          "resourceRules": [
            {
              "apiGroups": [
                "network.operator.openshift.io"
              ],
              "apiVersions": [
                "v1"
              ],
              "operations": [
                "CREATE",
                "UPDATE"
              ],
              "resources": [
                "egressrouters"
              ]
            }
          ]
        },
        "matchConditions": [
          {
            "name": "spec-changes",
            "expression": "request.operation == \"CREATE\" || object.spec != oldObject.spec"
          }
        ],
        "variables": [
          {
            "name": "special",
            "expression": "[\"0.0.0.0/8\", \"127.0.0.0/8\", \"224.0.0.0/3\", \"::/127\", \"ff00::/8\"]"
          },
          {
            "name": "linkLocal",
            "expression": "[\"169.254.0.0/16\", \"fe80::/10\"]"
          },
          {
            "name": "sizes",
            "expression": "[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728, 268435456, 536870912, 1073741824, 2147483648, 4294967296]"
          },
          {
            "name": "written",
            "expression": "has(object.spec.addresses) ? object.spec.addresses : []"
          },
          {
            "name": "addresses",
            "expression": "variables.written.filter(a, isCIDR(a.ip))"
          },
          {
            "name": "hosts",
            "expression": "variables.addresses.filter(a, cidr(a.ip).ip().family() == 4 && cidr(a.ip).prefixLength() >= 8 && cidr(a.ip).prefixLength() <= 30 && !variables.special.exists(n, cidr(n).containsIP(cidr(a.ip).ip())) && !variables.linkLocal.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))"
          },
          {
            "name": "gatewayed",
            "expression": "variables.addresses.filter(a, has(a.gateway) && isIP(a.gateway))"
          },
          {
            "name": "nexts",
            "expression": "variables.addresses.filter(a, has(a.gateway) && (isIP(a.gateway) || (!isIP(a.gateway) && a.gateway.matches(\"^(0{0,4}:){2,6}[fF]{4}:[0-9a-fA-F.:]+$\"))))"
          },
          {
            "name": "gateways",
            "expression": "variables.gatewayed.filter(a, ip(a.gateway).family() == cidr(a.ip).ip().family())"
          },
          {
            "name": "hops",
            "expression": "variables.gateways.filter(a, !variables.special.exists(n, cidr(n).containsIP(ip(a.gateway))))"
          },
          {
            "name": "inSubnet",
            "expression": "variables.hops.filter(a, ip(a.gateway) != cidr(a.ip).ip() && cidr(a.ip).prefixLength() < (ip(a.gateway).family() == 4 ? 32 : 128) && !cidr(\"fe80::/10\").containsIP(ip(a.gateway)))"
          },
          {
            "name": "masters",
            "expression": "has(object.spec.networkInterface) && has(object.spec.networkInterface.macvlan) && has(object.spec.networkInterface.macvlan.master) ? [object.spec.networkInterface.macvlan.master] : []"
          },
          {
            "name": "writtenRules",
            "expression": "has(object.spec.redirect) && has(object.spec.redirect.redirectRules) ? object.spec.redirect.redirectRules : []"
          },
          {
            "name": "rules",
            "expression": "variables.writtenRules.filter(r, isIP(r.destinationIP))"
          },
          {
            "name": "fallbacks",
            "expression": "has(object.spec.redirect) && has(object.spec.redirect.fallbackIP) ? [object.spec.redirect.fallbackIP] : []"
          },
          {
            "name": "targets",
            "expression": "(variables.writtenRules.map(r, r.destinationIP) + variables.fallbacks).filter(d, isIP(d) || (!isIP(d) && d.matches(\"^(0{0,4}:){2,6}[fF]{4}:[0-9a-fA-F.:]+$\")))"
          },
          {
            "name": "destinations",
            "expression": "variables.targets.filter(d, isIP(d))"
          }
        ],
        "validations": [
          {
            "expression": "size(variables.written) > 0",
            "message": "The router has no address to own: add an entry to \"addresses\". (no-address)"
          },
          {
            "expression": "variables.written.all(a, !isIP(a.ip))",
            "message": "An address lacks the prefix length of its network, such as /24. (address-without-prefix)",
            "messageExpression": "variables.written.filter(a, !(!isIP(a.ip))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address lacks the prefix length of its network, such as /24. (address-without-prefix)\""
          },
          {
            "expression": "variables.written.all(a, isIP(a.ip) || isCIDR(a.ip))",
            "message": "An address is not in CIDR notation, such as 192.168.12.99/24. (address-not-cidr)",
            "messageExpression": "variables.written.filter(a, !(isIP(a.ip) || isCIDR(a.ip))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address is not in CIDR notation, such as 192.168.12.99/24. (address-not-cidr)\""
          },
          {
            "expression": "size(variables.addresses) > 128 || variables.addresses.all(a, variables.addresses.exists_one(b, cidr(b.ip).ip() == cidr(a.ip).ip()))",
            "message": "An address stands twice: remove one of the two. (duplicate-address)",
            "messageExpression": "variables.addresses.filter(a, !(variables.addresses.exists_one(b, cidr(b.ip).ip() == cidr(a.ip).ip()))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address stands twice: remove one of the two. (duplicate-address)\""
          },
          {
            "expression": "variables.addresses.all(a, !variables.special.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))",
            "message": "An address is loopback, multicast, reserved or unspecified: no server can answer to it. (address-is-special)",
            "messageExpression": "variables.addresses.filter(a, !(!variables.special.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address is loopback, multicast, reserved or unspecified: no server can answer to it. (address-is-special)\""
          },
          {
            "expression": "variables.hosts.all(a, cidr(a.ip).masked().ip() != cidr(a.ip).ip())",
            "message": "An address is the network address of its subnet; no host can own it. (address-is-network)",
            "messageExpression": "variables.hosts.filter(a, !(cidr(a.ip).masked().ip() != cidr(a.ip).ip())).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address is the network address of its subnet; no host can own it. (address-is-network)\""
          },
          {
            "expression": "variables.hosts.all(a, ![a.ip.split(\"/\")[0].split(\".\")].exists(o, (int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256 + int(o[3]) * 1 + 1) % variables.sizes[32 - cidr(a.ip).prefixLength()] == 0))",
            "message": "An address is the broadcast address of its subnet; no host can own it. (address-is-broadcast)",
            "messageExpression": "variables.hosts.filter(a, !(![a.ip.split(\"/\")[0].split(\".\")].exists(o, (int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256 + int(o[3]) * 1 + 1) % variables.sizes[32 - cidr(a.ip).prefixLength()] == 0))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address is the broadcast address of its subnet; no host can own it. (address-is-broadcast)\""
          },
          {
            "expression": "variables.nexts.all(a, isIP(a.gateway) ? ip(a.gateway).family() == cidr(a.ip).ip().family() : cidr(a.ip).ip().family() == 6)",
            "message": "A gateway is of the other IP family than its address. (gateway-other-family)",
            "messageExpression": "variables.nexts.filter(a, !(isIP(a.gateway) ? ip(a.gateway).family() == cidr(a.ip).ip().family() : cidr(a.ip).ip().family() == 6)).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].gateway \\\"\" + a.gateway + \"\\\"\")[0] + \": A gateway is of the other IP family than its address. (gateway-other-family)\""
          },
          {
            "expression": "variables.nexts.all(a, isIP(a.gateway) ? ip(a.gateway).family() != cidr(a.ip).ip().family() || !variables.special.exists(n, cidr(n).containsIP(ip(a.gateway))) : cidr(a.ip).ip().family() == 4)",
            "message": "A gateway is loopback, multicast, reserved or unspecified: no router has it. (gateway-is-special)",
            "messageExpression": "variables.nexts.filter(a, !(isIP(a.gateway) ? ip(a.gateway).family() != cidr(a.ip).ip().family() || !variables.special.exists(n, cidr(n).containsIP(ip(a.gateway))) : cidr(a.ip).ip().family() == 4)).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].gateway \\\"\" + a.gateway + \"\\\"\")[0] + \": A gateway is loopback, multicast, reserved or unspecified: no router has it. (gateway-is-special)\""
          },
          {
            "expression": "variables.hops.all(a, ip(a.gateway) != cidr(a.ip).ip())",
            "message": "A gateway is the router's own address. (gateway-is-address)",
            "messageExpression": "variables.hops.filter(a, !(ip(a.gateway) != cidr(a.ip).ip())).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].gateway \\\"\" + a.gateway + \"\\\"\")[0] + \": A gateway is the router's own address. (gateway-is-address)\""
          },
          {
            "expression": "variables.inSubnet.all(a, cidr(a.ip).containsIP(ip(a.gateway)))",
            "message": "A gateway is outside the subnet of its address. (gateway-outside-subnet)",
            "messageExpression": "variables.inSubnet.filter(a, !(cidr(a.ip).containsIP(ip(a.gateway)))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].gateway \\\"\" + a.gateway + \"\\\"\")[0] + \": A gateway is outside the subnet of its address. (gateway-outside-subnet)\""
          },
          {
            "expression": "variables.inSubnet.all(a, ip(a.gateway).family() == 6 || cidr(a.ip).prefixLength() > 30 || !cidr(a.ip).containsIP(ip(a.gateway)) || ![a.gateway.split(\".\")].exists(o, (int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256 + int(o[3]) * 1 + 1) % variables.sizes[32 - cidr(a.ip).prefixLength()] == 0))",
            "message": "A gateway is the broadcast address of its subnet: a gateway is a host of it. (gateway-is-network)",
            "messageExpression": "variables.inSubnet.filter(a, !(ip(a.gateway).family() == 6 || cidr(a.ip).prefixLength() > 30 || !cidr(a.ip).containsIP(ip(a.gateway)) || ![a.gateway.split(\".\")].exists(o, (int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256 + int(o[3]) * 1 + 1) % variables.sizes[32 - cidr(a.ip).prefixLength()] == 0))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].gateway \\\"\" + a.gateway + \"\\\"\")[0] + \": A gateway is the broadcast address of its subnet: a gateway is a host of it. (gateway-is-network)\""
          },
          {
            "expression": "variables.masters.all(m, m.matches(\"^[A-Za-z0-9_.+=~^,][A-Za-z0-9_.+=~^,-]{0,14}$\") && m != \".\" && m != \"..\")",
            "message": "The macvlan master is not the name of a network interface. (invalid-interface-name)",
            "messageExpression": "\"spec.networkInterface.macvlan.master \\\"\" + variables.masters[0] + \"\\\"\" + \": The macvlan master is not the name of a network interface. (invalid-interface-name)\""
          },
          {
            "expression": "size(variables.rules) > 128 || variables.rules.all(a, variables.rules.all(b, a.port != b.port || a.protocol != b.protocol || ip(a.destinationIP).family() != ip(b.destinationIP).family() || (ip(a.destinationIP) == ip(b.destinationIP) && (has(a.targetPort) ? a.targetPort : a.port) == (has(b.targetPort) ? b.targetPort : b.port))))",
            "message": "Two rules of one port and protocol lead to different places: only the first one would take effect. (duplicate-rule)",
            "messageExpression": "variables.rules.filter(a, !(variables.rules.all(b, a.port != b.port || a.protocol != b.protocol || ip(a.destinationIP).family() != ip(b.destinationIP).family() || (ip(a.destinationIP) == ip(b.destinationIP) && (has(a.targetPort) ? a.targetPort : a.port) == (has(b.targetPort) ? b.targetPort : b.port))))).map(a, \"spec.redirect.redirectRules, port \" + string(a.port) + \"/\" + a.protocol)[0] + \": Two rules of one port and protocol lead to different places: only the first one would take effect. (duplicate-rule)\""
          },
          {
            "expression": "variables.targets.all(a, isIP(a) && !variables.special.exists(n, cidr(n).containsIP(ip(a))))",
            "message": "A destination is loopback, multicast, reserved or unspecified: no connection can be redirected there. (destination-is-special)",
            "messageExpression": "variables.targets.filter(a, !(isIP(a) && !variables.special.exists(n, cidr(n).containsIP(ip(a))))).map(a, \"spec.redirect.\" + (variables.writtenRules.map(w, w.destinationIP).indexOf(a) < 0 ? \"fallbackIP\" : \"redirectRules[\" + string(variables.writtenRules.map(w, w.destinationIP).indexOf(a)) + \"].destinationIP\") + \" \\\"\" + a + \"\\\"\")[0] + \": A destination is loopback, multicast, reserved or unspecified: no connection can be redirected there. (destination-is-special)\""
          },
          {
            "expression": "size(variables.written) == 0 || size(variables.addresses) < size(variables.written) || variables.destinations.all(a, variables.special.exists(n, cidr(n).containsIP(ip(a))) || variables.addresses.exists(b, cidr(b.ip).ip().family() == ip(a).family()))",
            "message": "A destination is of an IP family in which the router has no address. (family-not-served)",
            "messageExpression": "variables.destinations.filter(a, !(variables.special.exists(n, cidr(n).containsIP(ip(a))) || variables.addresses.exists(b, cidr(b.ip).ip().family() == ip(a).family()))).map(a, \"spec.redirect.\" + (variables.writtenRules.map(w, w.destinationIP).indexOf(a) < 0 ? \"fallbackIP\" : \"redirectRules[\" + string(variables.writtenRules.map(w, w.destinationIP).indexOf(a)) + \"].destinationIP\") + \" \\\"\" + a + \"\\\"\")[0] + \": A destination is of an IP family in which the router has no address. (family-not-served)\""
          },
          {
            "expression": "variables.destinations.all(a, !variables.addresses.exists(b, cidr(b.ip).ip() == ip(a)))",
            "message": "A destination is the router's own address: name the remote server. (destination-is-own-address)",
            "messageExpression": "variables.destinations.filter(a, !(!variables.addresses.exists(b, cidr(b.ip).ip() == ip(a)))).map(a, \"spec.redirect.\" + (variables.writtenRules.map(w, w.destinationIP).indexOf(a) < 0 ? \"fallbackIP\" : \"redirectRules[\" + string(variables.writtenRules.map(w, w.destinationIP).indexOf(a)) + \"].destinationIP\") + \" \\\"\" + a + \"\\\"\")[0] + \": A destination is the router's own address: name the remote server. (destination-is-own-address)\""
          },
          {
            "expression": "variables.writtenRules.all(a, a.port != 9410 || a.protocol != \"TCP\")",
            "message": "A rule takes TCP port 9410, on which the router process answers the probes of its pod: the pod is not seen to be ready. Take another port. (rule-takes-health-port)",
            "messageExpression": "variables.writtenRules.filter(a, !(a.port != 9410 || a.protocol != \"TCP\")).map(a, \"spec.redirect.redirectRules, port \" + string(a.port) + \"/\" + a.protocol)[0] + \": A rule takes TCP port 9410, on which the router process answers the probes of its pod: the pod is not seen to be ready. Take another port. (rule-takes-health-port)\""
          }
        ]
      }
    },
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicyBinding",
      "metadata": {
        "name": "egress-routers"
      },
      "spec": {
        "policyName": "egress-routers",
        "validationActions": [
          "Deny"
        ]
      }
    },
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicy",
      "metadata": {
        "name": "egress-routers-advice"
      },
      "spec": {
        "failurePolicy": "Ignore",
        "matchConstraints": {
          "resourceRules": [
            {
              "apiGroups": [
                "network.operator.openshift.io"
              ],
              "apiVersions": [
                "v1"
              ],
              "operations": [
                "CREATE",
                "UPDATE"
              ],
              "resources": [
                "egressrouters"
              ]
            }
          ]
        },
        "matchConditions": [
          {
            "name": "spec-changes",
            "expression": "request.operation == \"CREATE\" || object.spec != oldObject.spec"
          }
        ],
        "variables": [
          {
            "name": "special",
            "expression": "[\"0.0.0.0/8\", \"127.0.0.0/8\", \"224.0.0.0/3\", \"::/127\", \"ff00::/8\"]"
          },
          {
            "name": "linkLocal",
            "expression": "[\"169.254.0.0/16\", \"fe80::/10\"]"
          },
          {
            "name": "sizes",
            "expression": "[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728, 268435456, 536870912, 1073741824, 2147483648, 4294967296]"
          },
          {
            "name": "written",
            "expression": "has(object.spec.addresses) ? object.spec.addresses : []"
          },
          {
            "name": "addresses",
            "expression": "variables.written.filter(a, isCIDR(a.ip))"
          },
          {
            "name": "hosts",
            "expression": "variables.addresses.filter(a, cidr(a.ip).ip().family() == 4 && cidr(a.ip).prefixLength() >= 8 && cidr(a.ip).prefixLength() <= 30 && !variables.special.exists(n, cidr(n).containsIP(cidr(a.ip).ip())) && !variables.linkLocal.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))"
          },
          {
            "name": "gatewayed",
            "expression": "variables.addresses.filter(a, has(a.gateway) && isIP(a.gateway))"
          },
          {
            "name": "nexts",
            "expression": "variables.addresses.filter(a, has(a.gateway) && (isIP(a.gateway) || (!isIP(a.gateway) && a.gateway.matches(\"^(0{0,4}:){2,6}[fF]{4}:[0-9a-fA-F.:]+$\"))))"
          },
          {
            "name": "gateways",
            "expression": "variables.gatewayed.filter(a, ip(a.gateway).family() == cidr(a.ip).ip().family())"
          },
          {
            "name": "hops",
            "expression": "variables.gateways.filter(a, !variables.special.exists(n, cidr(n).containsIP(ip(a.gateway))))"
          },
          {
            "name": "inSubnet",
            "expression": "variables.hops.filter(a, ip(a.gateway) != cidr(a.ip).ip() && cidr(a.ip).prefixLength() < (ip(a.gateway).family() == 4 ? 32 : 128) && !cidr(\"fe80::/10\").containsIP(ip(a.gateway)))"
          },
          {
            "name": "masters",
            "expression": "has(object.spec.networkInterface) && has(object.spec.networkInterface.macvlan) && has(object.spec.networkInterface.macvlan.master) ? [object.spec.networkInterface.macvlan.master] : []"
          },
          {
            "name": "writtenRules",
            "expression": "has(object.spec.redirect) && has(object.spec.redirect.redirectRules) ? object.spec.redirect.redirectRules : []"
          },
          {
            "name": "rules",
            "expression": "variables.writtenRules.filter(r, isIP(r.destinationIP))"
          },
          {
            "name": "fallbacks",
            "expression": "has(object.spec.redirect) && has(object.spec.redirect.fallbackIP) ? [object.spec.redirect.fallbackIP] : []"
          },
          {
            "name": "targets",
            "expression": "(variables.writtenRules.map(r, r.destinationIP) + variables.fallbacks).filter(d, isIP(d) || (!isIP(d) && d.matches(\"^(0{0,4}:){2,6}[fF]{4}:[0-9a-fA-F.:]+$\")))"
          },
          {
            "name": "destinations",
            "expression": "variables.targets.filter(d, isIP(d))"
          }
        ],
        "validations": [
          {
            "expression": "variables.addresses.all(a, !variables.linkLocal.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))",
            "message": "An address is link-local: no server beyond the link can answer to it. (address-is-special)",
            "messageExpression": "variables.addresses.filter(a, !(!variables.linkLocal.exists(n, cidr(n).containsIP(cidr(a.ip).ip())))).map(a, \"spec.addresses[\" + string(variables.written.map(w, w.ip).indexOf(a.ip)) + \"].ip \\\"\" + a.ip + \"\\\"\")[0] + \": An address is link-local: no server beyond the link can answer to it. (address-is-special)\""
          },
          {
            "expression": "size(variables.writtenRules) > 0 || size(variables.fallbacks) > 0",
            "message": "The router redirects nothing: add a rule to \"redirectRules\" or a \"fallbackIP\". (nothing-to-redirect)"
          }
        ]
      }
    },
    {
      "apiVersion": "admissionregistration.k8s.io/v1",
      "kind": "ValidatingAdmissionPolicyBinding",
      "metadata": {
        "name": "egress-routers-advice"
      },
      "spec": {
        "policyName": "egress-routers-advice",
        "validationActions": [
          "Warn"
        ]
      }
    }
  ],
  "node": {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {
      "name": "egress-router-installer",
      "namespace": "egress-router-tools",
      "labels": {
        "app": "egress-router-installer"
      }
    },
    "spec": {
      "selector": {
        "matchLabels": {
          "app": "egress-router-installer"
        }
      },
      "template": {
        "metadata": {
          "labels": {
            "app": "egress-router-installer"
          }
        },
        "spec": {
          "automountServiceAccountToken": false,
          "nodeSelector": {
            "kubernetes.io/os": "linux"
          },
          "tolerations": [
            {
              "operator": "Exists"
            }
          ],
          "terminationGracePeriodSeconds": 5,
          "containers": [
            {
              "name": "install",
              "image": "egress-router-agent:0.1.0",
              "command": [
                "/usr/bin/egress-router-install",
                "install"
              ],
              "terminationMessagePolicy": "FallbackToLogsOnError",
              "resources": {
                "requests": {
                  "cpu": "1m",
                  "memory": "8Mi"
                },
                "limits": {
                  "memory": "32Mi"
                }
              },
              "securityContext": {
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": {
                  "drop": [
                    "ALL"
                  ]
                },
                "runAsUser": 0
              },
              "volumeMounts": [
                {
                  "name": "cni-bin",
                  "mountPath": "/host/opt/cni/bin"
                }
              ]
            }
          ],
          "volumes": [
            {
              "name": "cni-bin",
              "hostPath": {
                "path": "/opt/cni/bin",
                "type": "DirectoryOrCreate"
              }
            }
          ]
        }
      }
    }
  },
  "operator": {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
      "name": "egress-router-operator",
      "namespace": "egress-router-tools",
      "labels": {
        "app": "egress-router-operator"
      }
    },
    "spec": {
      "replicas": 1,
      "strategy": {
        "type": "Recreate"
      },
      "selector": {
        "matchLabels": {
          "app": "egress-router-operator"
        }
      },
      "template": {
        "metadata": {
          "labels": {
            "app": "egress-router-operator"
          }
        },
        "spec": {
          "serviceAccountName": "egress-router-operator",
          "securityContext": {
            "runAsNonRoot": true,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "seccompProfile": {
              "type": "RuntimeDefault"
            }
          },
          "containers": [
            {
              "name": "operator",
              "image": "egress-router-agent:0.1.0",
              "command": [
                "/usr/bin/egress-router-operator",
                "--health-port=9411"
              ],
              "env": [
                {
                  "name": "POD_NAME",
                  "valueFrom": {
                    "fieldRef": {
                      "fieldPath": "metadata.name"
                    }
                  }
                },
                {
                  "name": "POD_NAMESPACE",
                  "valueFrom": {
                    "fieldRef": {
                      "fieldPath": "metadata.namespace"
                    }
                  }
                }
              ],
              "ports": [
                {
                  "name": "health",
                  "containerPort": 9411,
                  "protocol": "TCP"
                }
              ],
              "readinessProbe": {
                "httpGet": {
                  "path": "/readyz",
                  "port": "health"
                },
                "timeoutSeconds": 5,
                "periodSeconds": 10
              },
              "livenessProbe": {
                "httpGet": {
                  "path": "/healthz",
                  "port": "health"
                },
                "timeoutSeconds": 5,
                "periodSeconds": 20,
                "initialDelaySeconds": 5
              },
              "resources": {
                "requests": {
                  "cpu": "20m",
                  "memory": "96Mi"
                },
                "limits": {
                  "memory": "256Mi"
                }
              },
              "securityContext": {
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": {
                  "drop": [
                    "ALL"
                  ]
                }
              }
            }
          ]
        }
      }
    }
  },
  "nodeCleanup": {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {
      "name": "egress-router-installer",
      "namespace": "egress-router-tools",
      "labels": {
        "app": "egress-router-installer"
      }
    },
    "spec": {
      "selector": {
        "matchLabels": {
          "app": "egress-router-installer"
        }
      },
      "template": {
        "metadata": {
          "labels": {
            "app": "egress-router-installer"
          }
        },
        "spec": {
          "automountServiceAccountToken": false,
          "nodeSelector": {
            "kubernetes.io/os": "linux"
          },
          "tolerations": [
            {
              "operator": "Exists"
            }
          ],
          "terminationGracePeriodSeconds": 5,
          "containers": [
            {
              "name": "install",
              "image": "egress-router-agent:0.1.0",
              "command": [
                "/usr/bin/egress-router-install",
                "remove",
                "--stay"
              ],
              "terminationMessagePolicy": "FallbackToLogsOnError",
              "resources": {
                "requests": {
                  "cpu": "1m",
                  "memory": "8Mi"
                },
                "limits": {
                  "memory": "32Mi"
                }
              },
              "securityContext": {
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": {
                  "drop": [
                    "ALL"
                  ]
                },
                "runAsUser": 0
              },
              "volumeMounts": [
                {
                  "name": "cni-bin",
                  "mountPath": "/host/opt/cni/bin"
                }
              ]
            }
          ],
          "volumes": [
            {
              "name": "cni-bin",
              "hostPath": {
                "path": "/opt/cni/bin",
                "type": "DirectoryOrCreate"
              }
            }
          ]
        }
      }
    }
  }
};
