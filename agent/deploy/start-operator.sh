#!/bin/sh
# The operator is idle for most of its life. Measured with a thousand routers (npm run bench:operator): 95 MB, in place
# of 130 by Node's own limits. Half of the difference is what its compilers take to make code faster that waits for an
# API server anyway. Each thread would otherwise keep a heap of its own of what it has freed.
MALLOC_ARENA_MAX=1 exec /usr/bin/node --optimize-for-size --max-semi-space-size=1 --no-opt --no-maglev --liftoff-only \
  /usr/lib/egress-router/operator.mjs "$@"
