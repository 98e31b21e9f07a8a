#!/bin/sh
# The operator is idle for most of its life. Measured with a thousand routers (npm run bench:operator): 104 MB, in place
# of 130 by Node's own limits. What two compilers take, one for JavaScript in between and the one that makes a
# WebAssembly parser of HTTP faster, is more than the objects of all routers. Each thread would otherwise keep a heap
# of its own of what it has freed.
MALLOC_ARENA_MAX=1 exec /usr/bin/node --optimize-for-size --max-semi-space-size=1 --no-maglev --liftoff-only \
  /usr/lib/egress-router/operator.mjs "$@"
