import { expect, test } from 'vitest';
import { main } from '#agent/cni/main.ts';
import { exited, FakePlatform, inputOf } from './fake-platform.ts';

const env = {
  CNI_COMMAND: 'DEL',
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/pod',
  CNI_IFNAME: 'net1',
};

test('a tool that hangs is named, and has its time', async () => {
  const platform = new FakePlatform({
    env: { ...env, EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net' },
    stdin: '{"cniVersion":"1.0.0","name":"n"}',
    files: { '/run/netns/pod': 1 },
    answer: (command) =>
      command.file.endsWith('/nft')
        ? { kind: 'timed-out', timeoutMs: command.timeoutMs }
        : exited(0, inputOf(command).startsWith('address show') ? '[]\n[]\n[]\n[]\n' : '[]'),
  });
  expect(await main(platform)).toBe(3);
  expect(JSON.parse(platform.stdout)).toMatchObject({
    code: 100,
    msg: 'cannot read the firewall rules of the pod: "nft" did not end within 10 s and was killed',
  });
});

test('so has the process inside the pod, whose steps and undoing end before', async () => {
  const platform = new FakePlatform({
    env,
    stdin: '{"cniVersion":"1.0.0","name":"n"}',
    files: { '/run/netns/pod': 2 },
    answer: ({ timeoutMs }) => ({ kind: 'timed-out', timeoutMs }),
  });
  expect(await main(platform)).toBe(1);
  expect(JSON.parse(platform.stdout)).toMatchObject({
    code: 100,
    msg: 'cannot work in the pod\'s network namespace: "egress-router" did not end within 60 s and was killed',
  });
});
