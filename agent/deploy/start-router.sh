#!/bin/sh
# It reads a listing of all its rules every few seconds, and has 128 MiB.
MALLOC_ARENA_MAX=1 exec /usr/bin/node --max-semi-space-size=2 --max-old-space-size=88 \
  /usr/lib/egress-router/router.mjs "$@"
