import { expect, test } from 'vitest';
import { OperatorMetrics } from '#agent/operator/metrics.ts';
import { toPrometheusText } from '#core/prometheus-text.ts';
import { metricsFaults } from '../../../core/test/prometheus-format.ts';

test('what was counted stands in the text, with buckets that add up', () => {
  const metrics = new OperatorMetrics();
  metrics.reconciled('success', 0.004);
  metrics.reconciled('error', 0.03);
  metrics.reconciled('success', 60);
  metrics.answered('get', 200);
  metrics.answered('get', 200);
  metrics.answered('apply', undefined);
  metrics.event('dropped');
  const text = metrics.toText({ isLeader: true, queued: 3, routers: new Map([['Degraded', 2]]) });
  expect(metricsFaults(text)).toEqual([]);
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'egress_router_operator_leader 1',
    'egress_router_operator_queue_depth 3',
    'egress_router_operator_routers{condition="Degraded"} 2',
    'egress_router_operator_reconcile_total{result="success"} 2',
    'egress_router_operator_reconcile_total{result="error"} 1',
    ...[
      ['0.005', 1],
      ['0.01', 1],
      ['0.025', 1],
      ['0.05', 2],
      ['0.1', 2],
      ['0.25', 2],
      ['0.5', 2],
      ['1', 2],
      ['2.5', 2],
      ['5', 2],
      ['10', 2],
      ['+Inf', 3],
    ].map(([le, count]) => `egress_router_operator_reconcile_seconds_bucket{le="${le}"} ${count}`),
    'egress_router_operator_reconcile_seconds_sum 60.034',
    'egress_router_operator_reconcile_seconds_count 3',
    'egress_router_operator_api_requests_total{verb="get",code="200"} 2',
    'egress_router_operator_api_requests_total{verb="apply",code="none"} 1',
    'egress_router_operator_events_total{result="dropped"} 1',
  ]);
});

test('values are escaped, and a family without samples is left out', () => {
  const text = toPrometheusText([
    {
      name: 'a',
      type: 'gauge',
      help: 'Back\\slash\nline.',
      samples: [{ labels: { l: '"\\\n' }, value: 1.5 }],
    },
    { name: 'b', type: 'counter', help: '', samples: [] },
  ]);
  expect(text).toBe('# HELP a Back\\\\slash\\nline.\n# TYPE a gauge\na{l="\\"\\\\\\n"} 1.5\n');
});
