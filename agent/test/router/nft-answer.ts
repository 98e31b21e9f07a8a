/** What `nft -j list table` of nft 1.0.6 says of a router with two rules and a fallback; chains but one left out. */
export const nftAnswer = {
  nftables: [
    { metainfo: { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 } },
    { table: { family: 'inet', name: 'egress_router', handle: 1 } },
    counterOf('rejected', 3, 180),
    counterOf('not_redirected', 0, 0),
    mapOf('dnat4', [[{ concat: ['tcp', 8080] }, { concat: ['203.0.113.25', 80] }]]),
    counterOf('fallback', 6, 360),
    mapOf('rule4', [[{ concat: ['tcp', 8080] }, 270_224]]),
    mapOf('dnat6', [[{ concat: [17, 53] }, { concat: ['2001:db8::25', 53] }]]),
    mapOf('rule6', [[{ concat: [17, 53] }, 655_413]]),
    { set: { family: 'inet', name: 'passing', elem: [270_224, 655_413, 0xffffff] } },
    setOf('taken', [[270_224, 4, 240]]),
    setOf('sent', [
      [270_224, 10, 600],
      [655_413, 2, 120],
      [0xffffff, 1, 60],
    ]),
    setOf('received', [[270_224, 9, 5_400]]),
    {
      rule: {
        family: 'inet',
        table: 'egress_router',
        chain: 'to_external',
        handle: 10,
        expr: [{ dnat: { family: 'ip', addr: '203.0.113.9' } }],
      },
    },
    {
      chain: {
        family: 'inet',
        table: 'egress_router',
        name: 'forward',
        handle: 1,
        type: 'filter',
        hook: 'forward',
        prio: 0,
        policy: 'drop',
      },
    },
  ],
};

function counterOf(name: string, packets: number, bytes: number) {
  return { counter: { family: 'inet', name, table: 'egress_router', handle: 2, packets, bytes } };
}

function mapOf(name: string, elem: readonly unknown[]) {
  const type = ['inet_proto', 'inet_service'];
  return { map: { family: 'inet', name, table: 'egress_router', type, handle: 3, map: 'mark', elem } };
}

function setOf(name: string, counts: readonly (readonly [number, number, number])[]) {
  const elem = counts.map(([val, packets, bytes]) => ({ elem: { val, counter: { packets, bytes } } }));
  return { set: { family: 'inet', name, table: 'egress_router', type: 'mark', handle: 5, elem } };
}
