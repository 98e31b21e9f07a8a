import { type ManifestsResult, manifestsChangedMethod, manifestsMethod } from '#core/protocol.ts';
import { ManifestIndex } from './manifest-index.ts';
import type { FeatureGroup } from './serving.ts';

/** What changes within this time is told together (milliseconds). */
const settleMs = 300;

/** Where the routers of the workspace are written, for a client that asks once. */
export const serveManifests: FeatureGroup = {
  capabilities: () => ({}),
  serve: ({ connection, files, lookAround, onNews }) => {
    const index = new ManifestIndex(files);
    let isFollowed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    connection.onRequest(manifestsMethod, async (): Promise<ManifestsResult> => {
      // What a larger workspace holds beyond what was read by then is told as it is found.
      await lookAround();
      isFollowed = true;
      return { files: index.all() };
    });
    onNews(() => {
      if (!isFollowed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        const changed = index.takeChanged();
        if (changed.length === 0) return;
        const told: ManifestsResult = { files: changed };
        void connection.sendNotification(manifestsChangedMethod, told);
      }, settleMs);
    });
  },
};
