#!/bin/sh
# The real Flux over a cluster: its source-controller and kustomize-controller, built from Go modules and run as processes
# on this machine, which must be in the cluster's network. No image.
#
#   flux.sh build     builds what is not there yet, into FLUX_BIN or the user's cache; some minutes, once a machine
#   flux.sh crds      prints the kinds that they know, for kubectl
#   flux.sh run NAME  runs one of them in the foreground, on the cluster of KUBECONFIG
set -eu
version=v1.7.3 # 1.10 wants a newer Go
bin=${FLUX_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/redis-sentinel-cluster/flux-$version}

# The folder of a controller's module.
source_of() { (cd / && go mod download -json "github.com/fluxcd/$1@$version" | sed -n 's/.*"Dir": "\(.*\)",/\1/p'); }

build() { # NAME
  [ ! -x "$bin/$1" ] || return 0
  mkdir -p "$bin"
  work=$(mktemp -d)
  cp -R "$(source_of "$1")/." "$work" && chmod -R u+w "$work"
  (
    cd "$work"
    # A folder of the repository that the module lacks, and a module of its own.
    go mod edit -dropreplace "github.com/fluxcd/$1/api"
    GOFLAGS=-mod=mod go build -trimpath -ldflags '-s -w' -o "$bin/$1" .
  )
  rm -rf "$work"
}

case ${1-} in
  build)
    build source-controller
    build kustomize-controller
    ;;
  crds)
    for name in source-controller kustomize-controller; do
      for file in "$(source_of "$name")"/config/crd/bases/*.yaml; do
        echo ---
        cat "$file"
      done
    done
    ;;
  *)
    sed -n '2,/^set -eu/p' "$0" | sed 's/^# \{0,1\}//; /^set -eu/d'
    exit 1
    ;;
esac
