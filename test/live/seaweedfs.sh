#!/bin/sh
# Builds the real SeaweedFS from its Go module, where it has not been built yet, and packs it as an image: the store that speaks S3
# of the tests and the bench of backups. Takes some minutes, once a machine. Prints the archive, for the container runtime of each
# machine of the cluster to import; then S3_IMAGE names the image.
set -eu
version=v0.0.0-20261109003541-7506e5f91cd6 # its releases have no other name among Go modules
image=localhost/seaweedfs:${version##*-}
archive=${XDG_CACHE_HOME:-$HOME/.cache}/redis-sentinel-cluster/seaweedfs-$version.tar

build() { # FILE
  from=$(cd / && go mod download -json "github.com/seaweedfs/seaweedfs@$version" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  (cd "$from" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$1" ./weed)
}

keep() { # FILE: sets digest, and kept, which says where it is in the archive and how large
  digest=$(sha256sum "$1" | cut -d ' ' -f 1)
  kept="\"digest\": \"sha256:$digest\", \"size\": $(wc -c <"$1")"
  mv "$1" "$work/oci/blobs/sha256/$digest"
}

pack() { # FOLDER: one layer, in the layout of an OCI image
  tar -C "$1" --owner=0 --group=0 -cf "$work/layer" .
  keep "$work/layer"
  layer=$kept
  cat >"$work/config" <<JSON
{"architecture": "$(go env GOARCH)", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}}
JSON
  keep "$work/config"
  oci=application/vnd.oci.image
  cat >"$work/manifest" <<JSON
{"schemaVersion": 2, "mediaType": "$oci.manifest.v1+json", "config": {"mediaType": "$oci.config.v1+json", $kept}, "layers": [{"mediaType": "$oci.layer.v1.tar", $layer}]}
JSON
  keep "$work/manifest"
  cat >"$work/oci/index.json" <<JSON
{"schemaVersion": 2, "manifests": [{"mediaType": "$oci.manifest.v1+json", $kept, "annotations": {"io.containerd.image.name": "$image", "org.opencontainers.image.ref.name": "${image##*:}"}}]}
JSON
  echo '{"imageLayoutVersion": "1.0.0"}' >"$work/oci/oci-layout"
}

if [ ! -f "$archive" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/root/bin" "$work/oci/blobs/sha256" "${archive%/*}"
  build "$work/root/bin/weed"
  chmod 755 "$work/root"
  pack "$work/root"
  tar -C "$work/oci" -cf "$archive.new" .
  mv "$archive.new" "$archive"
fi
echo "$archive has $image"
