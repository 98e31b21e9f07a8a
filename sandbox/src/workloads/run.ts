import { ClusterError } from '#cluster/errors.ts';
import type { Client } from '../client.ts';
import { EventRecorder } from '../events.ts';
import { WorkQueue } from '../queue.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { garbageCollector } from './garbage.ts';
import type { Mirrors } from './mirrors.ts';
import { namespaceController } from './namespace.ts';
import { replicaSetController } from './replica-set.ts';
import { schedulerController } from './scheduler.ts';
import { serviceController } from './service.ts';
import { serviceAccountController } from './service-account.ts';

export interface Workloads {
  close(): Promise<void>;
}

/** Starts the controllers that every cluster has. Call before the mirrors are started. */
export function runWorkloads(client: Client, mirrors: Mirrors, log: (line: string) => void): Workloads {
  const context: ControllerContext = {
    client,
    mirrors,
    events: new EventRecorder(client, 'sandbox-controllers', log),
    now: () => new Date().toISOString().replace(/\.[0-9]+Z$/, 'Z'),
  };
  const garbage = garbageCollector(context);
  const controllers: readonly Controller[] = [
    serviceAccountController(context),
    deploymentController(context),
    daemonSetController(context),
    replicaSetController(context),
    schedulerController(context),
    serviceController(context),
    namespaceController(context),
    garbage,
  ];
  const queues = controllers.map((controller) => {
    const queue = new WorkQueue({
      handle: controller.reconcile,
      onError: (key, error) => report(controller, key, error),
      maxBackOffMs: 5000,
    });
    controller.listen((key) => queue.add(key));
    return queue;
  });

  /** Losing a race against another writer is how optimistic locking works; the next look settles it. */
  function report(controller: Controller, key: string, error: unknown): void {
    if (ClusterError.is(error, 'conflict', 'not-found', 'already-exists', 'canceled')) return;
    log(`${controller.name} ${key}: ${error instanceof Error ? error.message : String(error)}`);
  }

  return {
    close: async () => {
      garbage.close();
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}
