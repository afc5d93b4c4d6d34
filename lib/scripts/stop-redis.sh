#!/bin/sh
# Before a node's server is told to stop: a snapshot newer than this is complete.
set -eu
: >"$RUN_DIR/stopping"
