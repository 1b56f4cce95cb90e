#!/usr/bin/env bash
# Builds the tests' Kubernetes control plane (etcd, API server, controller manager, kubectl) once, into the user's
# cache folder, and prints the path of the binary. Needs Go 1.26 and the Go module proxy; about ten minutes cold.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"

version=v1.37.2
key=$(cat "$here/main.go" "$here/go.mod" "$here/go.sum" | sha256sum | cut -c1-12)
build() {
  local v=k8s.io/component-base/version
  (cd "$here" && go build -trimpath -buildvcs=false \
    -ldflags "-s -w -X $v.gitVersion=$version -X $v.gitMajor=1 -X $v.gitMinor=37" -o "$1.partial" .) >&2
  mv "$1.partial" "$1"
}
cached "controlplane/controlplane-$version-$key" "the control plane, about ten minutes" "$@"
