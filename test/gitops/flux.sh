#!/bin/sh
# Builds the real Flux from Go modules, where it has not been built yet: its source-controller and its kustomize-controller,
# programs that need no image. Takes some minutes, once a machine. Prints the folder where they are, with their CRDs beside
# them: FLUX_BIN, or one in the user's cache.
set -eu
version=v1.7.3 # 1.10 wants a newer Go
bin=${FLUX_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/redis-sentinel-cluster/flux-$version}

build() { # NAME
  [ ! -x "$bin/$1" ] || return 0
  mkdir -p "$bin"
  work=$(mktemp -d)
  from=$(cd / && go mod download -json "github.com/fluxcd/$1@$version" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  cp -R "$from/." "$work" && chmod -R u+w "$work"
  cat "$work"/config/crd/bases/*.yaml >"$bin/$1.yaml"
  (
    cd "$work"
    # A folder of the repository that the module lacks, for it is a module of its own.
    go mod edit -dropreplace "github.com/fluxcd/$1/api"
    GOFLAGS=-mod=mod go build -trimpath -ldflags '-s -w' -o "$bin/$1" .
  )
  rm -rf "$work"
}

build source-controller
build kustomize-controller
echo "$bin"
