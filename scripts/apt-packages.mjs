// The Debian and Ubuntu packages that this project uses, what shows that each is there, and what it is for.
// `root`: of use only to root, who alone can make network namespaces.
const start = [
  { name: 'iproute2', command: 'ip', root: true, use: 'the sandbox lays its networks' },
  { name: 'nftables', command: 'nft', root: true, use: 'the sandbox routes Services' },
  {
    name: 'conntrack',
    command: 'conntrack',
    root: true,
    use: 'a router that changes ends the connections it outdates',
  },
  { name: 'util-linux', command: 'setpriv', root: true, use: 'programs run in a pod' },
  { name: 'curl', command: 'curl', root: true, use: 'a client to try a router with' },
  { name: 'g++', command: 'g++', use: 'two add-ons of VS Code are compiled' },
  { name: 'gcc', command: 'gcc', use: 'the CNI executable is compiled' },
  { name: 'libc6-dev', file: '/usr/include/stdio.h', use: 'both' },
  { name: 'make', command: 'make', use: 'both' },
  { name: 'xz-utils', command: 'xz', use: 'the source of the engine of the CNI executable is unpacked' },
  { name: 'python3', command: 'python3', use: 'node-gyp runs on it' },
];
const test = [
  { name: 'tcpdump', command: 'tcpdump', root: true, use: 'tests look at the LAN bridge' },
  { name: 'mmdebstrap', command: 'mmdebstrap', root: true, use: 'the image is made of Debian packages' },
  { name: 'umoci', command: 'umoci', root: true, use: 'the image is put together and taken apart' },
  {
    name: 'gcc-aarch64-linux-gnu',
    command: 'aarch64-linux-gnu-gcc',
    root: true,
    use: 'the CNI executable is compiled for arm64',
  },
  {
    name: 'libc6-dev-arm64-cross',
    file: '/usr/aarch64-linux-gnu/lib/libc.a',
    root: true,
    use: 'the same',
  },
  {
    name: 'qemu-user-static',
    command: 'qemu-aarch64-static',
    root: true,
    use: 'what is made for arm64 is run',
  },
  {
    name: 'libusrsctp-examples',
    file: '/usr/lib/usrsctp/tsctp',
    root: true,
    use: 'clients and servers speak SCTP where the kernel does not',
  },
  { name: 'podman', command: 'podman', root: true, use: 'a container runtime runs the CNI executable' },
  { name: 'conmon', command: 'conmon', root: true, use: 'podman watches containers by it' },
  { name: 'runc', command: 'runc', root: true, use: 'podman starts containers by it' },
  {
    name: 'containernetworking-plugins',
    file: '/usr/lib/cni/bridge',
    root: true,
    use: 'podman puts a container on the network of the cluster',
  },
  { name: 'chromium', command: 'chromium', browser: true, use: 'VS Code is shown to tests' },
];

/** By what the machine is set up for. Tests need all that `npm start` needs. */
export const aptPackages = { start, test: [...start, ...test] };
