// The Debian and Ubuntu packages that this project uses, what shows that each is there, and what it is for.
// `root`: of use only to root, who alone can make network namespaces.
export const aptPackages = [
  { name: 'iproute2', command: 'ip', group: 'start', root: true, use: 'the sandbox lays its networks' },
  { name: 'nftables', command: 'nft', group: 'start', root: true, use: 'the sandbox routes Services' },
  { name: 'conntrack', command: 'conntrack', group: 'start', root: true, use: 'rule changes end old flows' },
  { name: 'util-linux', command: 'nsenter', group: 'start', root: true, use: 'programs run in a pod' },
  {
    name: 'libcap2-bin',
    command: 'capsh',
    group: 'start',
    root: true,
    use: 'pods run with few capabilities',
  },
  { name: 'curl', command: 'curl', group: 'start', root: true, use: 'a client to try a router with' },
  { name: 'g++', command: 'g++', group: 'start', use: "two of code-server's add-ons are compiled" },
  { name: 'gcc', command: 'gcc', group: 'start', use: 'the CNI executable is compiled' },
  { name: 'libc6-dev', file: '/usr/include/stdio.h', group: 'start', use: 'the same' },
  { name: 'make', command: 'make', group: 'start', use: 'both of them' },
  { name: 'python3', command: 'python3', group: 'start', use: 'node-gyp runs on it' },
  { name: 'tcpdump', command: 'tcpdump', group: 'test', root: true, use: 'tests look at the LAN bridge' },
  { name: 'chromium', command: 'chromium', group: 'test', use: 'a browser for VS Code', browser: true },
];
