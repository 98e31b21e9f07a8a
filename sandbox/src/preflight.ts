import { run } from './command.ts';
import { addNetns, enter, ipBatch, loadNft } from './netns.ts';
import { UndoStack } from './undo.ts';

const tools = ['ip', 'nft', 'nsenter', 'unshare', 'setpriv', 'curl'] as const;

/**
 * Why this machine cannot have a real network for the sandbox; undefined where it can. Found by doing it, in a
 * namespace that is removed again: being root is neither needed everywhere nor enough everywhere.
 */
export async function whyNoNetwork(prefix: string, cni: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return `network namespaces need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root, this is an ordinary user';
  // It needs files beside it, which a pod does not see.
  if (process.versions['electron'] !== undefined) {
    return 'the Node.js of a desktop application cannot run in pods. A VS Code whose extensions run on a server, as over SSH or in a container, can';
  }
  const plugin = await run([cni], { env: { CNI_COMMAND: 'VERSION' }, stdin: '{"cniVersion":"1.0.0"}' });
  if (plugin.kind !== 'exited' || plugin.code !== 0) {
    return `the CNI executable ${cni} does not run here: it is built for Linux on x86-64`;
  }
  for (const tool of tools) {
    const found = await run([tool, '--version']);
    if (found.kind === 'not-started') return `the program "${tool}" is not installed`;
  }
  const undo = new UndoStack(() => undefined);
  try {
    const probe = await addNetns(`${prefix}-probe`, undo);
    await ipBatch(
      [
        'link add probe0 type bridge',
        'link add probe1 type veth peer name probe2',
        'link add link probe1 name probe3 type macvlan mode bridge',
      ],
      probe,
    );
    await loadNft(probe, nftProbe);
    const mount = await run(enter(probe, ['unshare', '--mount', '--propagation=private', 'true']));
    if (mount.kind !== 'exited' || mount.code !== 0) return 'mount namespaces cannot be made here';
    return undefined;
  } catch (error) {
    return `a network namespace cannot be set up here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await undo.unwind();
  }
}

const nftProbe = `table inet probe {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
  }
}
`;
