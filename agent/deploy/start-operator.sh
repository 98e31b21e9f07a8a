#!/bin/sh
# The operator is idle for most of its life. Measured with a thousand routers (npm run bench:operator): 93 to 106 MB,
# in place of 130 by Node's own limits. The compiler that makes a WebAssembly parser of HTTP faster takes more than the
# objects of all routers; that of JavaScript in between (--no-maglev) would save as much again, and a thousand routers
# at once then take three times as long. Each thread would otherwise keep a heap of its own of what it has freed.
MALLOC_ARENA_MAX=1 exec /usr/bin/node --optimize-for-size --max-semi-space-size=1 --liftoff-only \
  /usr/lib/egress-router/operator.mjs "$@"
