import type { ClusterSession, OpenClusterOptions } from './api.ts';
import { connect } from './connect.ts';
import { kinds } from './kinds.ts';
import { findObject } from './objects.ts';
import { readConsoleUrl } from './operations/console.ts';
import { deploy, planDeploy } from './operations/deploy.ts';
import { readEvents } from './operations/events.ts';
import { expose, planExpose } from './operations/expose.ts';
import { followStored } from './operations/follow.ts';
import { install, planInstall } from './operations/install.ts';
import { listLegacyRouters, readLegacyObjects } from './operations/legacy.ts';
import { readLogs } from './operations/logs.ts';
import { preflight } from './operations/preflight.ts';
import { readObject } from './operations/read-object.ts';
import { planRemove, removeAgent } from './operations/remove.ts';
import { planRestart, restartRouter } from './operations/restart.ts';
import { readStatus } from './operations/status.ts';
import { readSurroundings } from './operations/surroundings.ts';
import { planTeardown, teardown } from './operations/teardown.ts';
import { watchRouters } from './router-watch.ts';
import { listVisibleNamespaces } from './visible-namespaces.ts';

/** @throws ClusterError when the kubeconfig cannot be used */
export function openSession(options: OpenClusterOptions): ClusterSession {
  const connection = connect(options);
  const { context, server, namespace } = connection;
  options.log(
    `Context ${context}: ${server}${options.isClusterWide === true ? '' : `, namespace ${namespace}`}.`,
  );
  return {
    context,
    namespace,
    contexts: connection.contexts,
    namespaces: (signal) => listVisibleNamespaces(connection, signal),
    watchRouters: (listener) => watchRouters(connection, { listener }),
    status: (target, signal) => readStatus(connection, target, signal),
    follow: (router, run) => followStored(connection, router, run),
    read: (router, signal) => findObject(connection, kinds.egressRouter, router, signal),
    readObject: (ref, signal) => readObject(connection, ref, signal),
    logs: (pod, options) => readLogs(connection, pod, options),
    events: (router, signal) => readEvents(connection, router, signal),
    consoleUrl: (signal) => readConsoleUrl(connection, signal),
    surroundings: (signal) => readSurroundings(connection, signal),
    planDeploy: (documents, plan) => planDeploy(connection, documents, plan),
    deploy: (plan, run) => deploy(connection, plan, run),
    planExpose: (router, ask) => planExpose(connection, router, ask),
    expose: (plan, run) => expose(connection, plan, run),
    planTeardown: (router, signal, asked) => planTeardown(connection, router, signal, asked),
    teardown: (plan, run) => teardown(connection, plan, run),
    legacyRouters: (signal) => listLegacyRouters(connection, signal),
    readLegacy: (router, signal) => readLegacyObjects(connection, router, signal),
    planInstall: (plan) => planInstall(connection, plan),
    install: (plan, run) => install(connection, plan, run),
    planRemove: ({ signal }) => planRemove(connection, signal),
    remove: (plan, run) => removeAgent(connection, plan, run),
    planRestart: (router, signal) => planRestart(connection, router, signal),
    restart: (router, run) => restartRouter(connection, router, run),
    preflight: (subject, check) => preflight(connection, subject, check),
    close: () => connection.close(),
  };
}
