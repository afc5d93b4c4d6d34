#!/bin/sh
# `cdk8s synth` deletes its output folder before it runs the program, so a program that fails would leave no manifests.
# Here the old ones stay until the new ones are complete.
set -eu
new=build/dist
cdk8s synth --check-upgrade=false --output "$new" "$@"
rm -rf dist
mv "$new" dist
