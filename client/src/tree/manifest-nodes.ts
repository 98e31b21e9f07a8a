import { t } from '#client/l10n.ts';
import type { DocumentTarget } from '#core/protocol.ts';
import type { ManifestsView, ManifestView } from './manifests.ts';
import type { NodeAction, NodeIcon, TreeNode } from './tree-node.ts';

/** Where the router is written in the workspace, and whether the cluster has it so. */
export function manifestNodes(
  id: string,
  view: ManifestsView,
  pathOf: (uri: string) => string,
): readonly TreeNode[] {
  const manifestId = `${id}/manifest`;
  if (view.kind === 'looking') return [plainNode(manifestId, 'progressing', t`looking in the workspace…`)];
  if (view.manifests.length === 0) return [plainNode(manifestId, 'no-manifest', t`none in the workspace`)];
  return view.manifests.map((manifest, index) =>
    manifestNode(`${manifestId}/${index}`, manifest, pathOf(manifest.target.uri)),
  );
}

function plainNode(id: string, icon: NodeIcon, description: string): TreeNode {
  return { id, label: t`Manifest`, description, icon };
}

function manifestNode(id: string, { step, target }: ManifestView, path: string): TreeNode {
  const place = `${path}:${target.range.start.line + 1}`;
  const { icon, text, tooltip } = steps[step];
  return {
    id,
    label: t`Manifest`,
    description: `${text} · ${place}`,
    tooltip: `${place}: ${tooltip}`,
    spoken: t`Manifest ${text}, ${place}`,
    icon,
    copy: path,
    manifest: target,
    command: step === 'drifted' ? diff(target) : open(target),
  };
}

const steps = {
  'in-step': {
    icon: 'in-step',
    text: t`in step`,
    tooltip: t`the cluster has the router as it is written here.`,
  },
  drifted: {
    icon: 'drifted',
    text: t`drifted`,
    tooltip: t`the cluster has the router otherwise than it is written here. Click to see the difference.`,
  },
  comparing: {
    icon: 'progressing',
    text: t`comparing…`,
    tooltip: t`the router is being read from the cluster.`,
  },
  unknown: {
    icon: 'no-manifest',
    text: t`cannot be compared`,
    tooltip: t`the document has errors or waits for something to be filled in, or the cluster does not show the router.`,
  },
} as const satisfies Record<ManifestView['step'], { icon: NodeIcon; text: string; tooltip: string }>;

function diff(target: DocumentTarget): NodeAction {
  return { id: 'egressRouter.diff', title: t`Diff with Cluster`, argument: target };
}

function open(target: DocumentTarget): NodeAction {
  return { id: 'egressRouter.openManifest', title: t`Open Manifest`, argument: target };
}
