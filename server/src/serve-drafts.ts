import { helpWithField } from '#core/egress-router/draft.ts';
import { type DraftParams, type DraftResult, draftMethod } from '#core/protocol.ts';
import type { FeatureGroup } from './serving.ts';

/** What helps a person to tell a new router field by field, before there is a text. */
export const serveDrafts: FeatureGroup = {
  capabilities: () => ({}),
  serve: ({ connection, files, situation, lookAround }) => {
    connection.onRequest(draftMethod, async ({ path, value }: DraftParams): Promise<DraftResult> => {
      // What is free, the other files tell.
      await lookAround();
      const { cluster } = situation;
      return helpWithField(path, value, {
        facts: files.facts(),
        ...(cluster === undefined ? {} : { cluster }),
      });
    });
  },
};
