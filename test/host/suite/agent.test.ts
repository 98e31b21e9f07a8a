// What changes the cluster beside its routers: the agent, and routers of OpenShift SDN that are there.
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { ConfigurationTarget, commands, window, workspace } from 'vscode';
import type { TestApi } from '#client/extension.ts';
import { type Connection, connect } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, patchObject } from '#cluster/objects.ts';
import { operatorFieldManager, sandboxOperatorAnnotation } from '#core/manifest/names.ts';
import { answerWith, type Told } from './answers.ts';
import { activateExtension, until } from './editor.ts';

const setting = 'egressRouter.agentImage';
const signal = AbortSignal.timeout(120_000);

suite('agent and legacy routers', function () {
  this.timeout(90_000);
  let api: TestApi;
  let cluster: Connection;

  suiteSetup(async () => {
    api = await activateExtension();
    cluster = connect({ kubeconfigPaths: [process.env['KUBECONFIG'] ?? ''], allowExec: false });
  });

  suiteTeardown(async () => {
    await workspace.getConfiguration().update(setting, undefined, ConfigurationTarget.Global);
    await patchSandbox(cluster, 'a process beside it');
    cluster.close();
  });

  test('Install Agent asks for the image first, by its setting', async () => {
    const told = answerWith(api, {});
    await commands.executeCommand('egressRouter.installAgent');
    assert.match(allOf(told), /^Set the image of the agent first, in a registry that your nodes pull from/);
  });

  test('a sandbox keeps the agent that is part of it', async () => {
    const settings = workspace.getConfiguration();
    await settings.update(setting, 'registry.example/agent:0.1.0', ConfigurationTarget.Global);
    for (const command of ['egressRouter.installAgent', 'egressRouter.removeAgent']) {
      const told = answerWith(api, {});
      await commands.executeCommand(command);
      await until('word of the sandbox', () => (/This is a sandbox/.test(allOf(told)) ? true : undefined));
    }
    await patchSandbox(cluster, null);
  });

  test('Install Agent shows what it would do with that image, and does nothing without a yes', async () => {
    await workspace
      .getConfiguration()
      .update(setting, 'registry.example/egress-router-agent:0.1.0', ConfigurationTarget.Global);
    const told = answerWith(api, { confirm: false });
    await commands.executeCommand('egressRouter.installAgent');
    assert.match(
      allOf(told),
      /^Install the agent in context sandbox, namespace egress-router-tools\?\n[^]*\+ create DaemonSet egress-router-tools\/egress-router-installer\n[^]*Image: registry\.example\/egress-router-agent:0\.1\.0/,
    );
    const found = await cluster.json({ verb: 'list', kind: kinds.daemonSet, signal });
    assert.doesNotMatch(JSON.stringify(found), /egress-router-installer/);
  });

  test('Install Agent refuses what is no image', async () => {
    await workspace
      .getConfiguration()
      .update(setting, 'https://registry.example/agent', ConfigurationTarget.Global);
    const told = answerWith(api, {});
    await commands.executeCommand('egressRouter.installAgent');
    await until('word of the image', () =>
      /is no reference of an image/.test(allOf(told)) ? true : undefined,
    );
  });

  test('Remove Agent tells what goes and what stays, and does nothing without a yes', async () => {
    const told = answerWith(api, { pick: 'Keep', confirm: false });
    await commands.executeCommand('egressRouter.removeAgent');
    // The operator of the sandbox has its permissions from the same manifests.
    assert.match(
      allOf(told),
      /^Remove CustomResourceDefinition egressrouters[^]*Remove the agent from context sandbox, namespace egress-router-tools\?\n[^]*This deletes:\n- [^]*This stays:\n[^]*Namespace egress-router-tools: Install Agent did not make it/,
    );
  });

  test('Remove Agent takes the name of a protected context', async () => {
    const settings = workspace.getConfiguration('egressRouter');
    await settings.update('protectedContexts', ['sand*'], ConfigurationTarget.Global);
    const told = answerWith(api, { pick: 'Keep', typed: 'another' });
    await commands.executeCommand('egressRouter.removeAgent');
    await settings.update('protectedContexts', undefined, ConfigurationTarget.Global);
    assert.match(allOf(told), /Remove the agent from context sandbox[^]*This deletes:/);
    assert.doesNotMatch(allOf(told), /is removed from/);
  });

  test('a router of OpenShift SDN in the cluster is shown as what it becomes', async () => {
    const place = { namespace: 'demo', name: 'egress-old' };
    await createObject(cluster, kinds.deployment, legacy, { namespace: 'demo', signal });
    try {
      const told = answerWith(api, { pick: 'egress-old', action: 'Apply' });
      await commands.executeCommand('egressRouter.migrateLive');
      await until('migrated text', () =>
        /kind: EgressRouter/.test(window.activeTextEditor?.document.getText() ?? '') ? true : undefined,
      );
      const text = window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /name: egress-old\n/);
      assert.match(text, /master: eth1/);
      assert.match(text, /^# Lost: /m);
      assert.match(
        allOf(told),
        /Deployment "egress-old" in namespace "demo" can become what is shown\..* \d lost/,
      );
    } finally {
      await deleteObject(cluster, kinds.deployment, place, { signal });
    }
  });

  test('without one, that is said', async () => {
    const told = answerWith(api, {});
    await commands.executeCommand('egressRouter.migrateLive');
    await until('word that there is none', () =>
      /has no router of OpenShift SDN that you may see/.test(allOf(told)) ? true : undefined,
    );
  });
});

/** @param mark what tells a sandbox from other clusters; null takes it away */
async function patchSandbox(cluster: Connection, mark: string | null): Promise<void> {
  const metadata = { annotations: { [sandboxOperatorAnnotation]: mark } };
  await patchObject(cluster, kinds.clusterRoleBinding, { name: operatorFieldManager }, { metadata }, signal);
}

function allOf(told: readonly Told[]): string {
  return told.map(({ text }) => text).join('\n');
}

const labels = { app: 'egress-old' };
const legacy = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'egress-old' },
  spec: {
    replicas: 0,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, annotations: { 'pod.network.openshift.io/assign-macvlan': 'eth1' } },
      spec: {
        nodeSelector: { site: 'one' },
        initContainers: [
          {
            name: 'router',
            image: 'registry.example/openshift/origin-egress-router',
            securityContext: { privileged: true },
            env: [
              { name: 'EGRESS_SOURCE', value: '192.168.12.66/24' },
              { name: 'EGRESS_GATEWAY', value: '192.168.12.1' },
              { name: 'EGRESS_DESTINATION', value: '80 tcp 203.0.113.25' },
              { name: 'EGRESS_ROUTER_MODE', value: 'init' },
            ],
          },
        ],
        containers: [{ name: 'wait', image: 'registry.example/openshift/origin-pod' }],
      },
    },
  },
};
