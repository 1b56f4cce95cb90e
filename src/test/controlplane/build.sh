#!/usr/bin/env bash
# Builds the tests' Kubernetes control plane (etcd, API server, controller manager, kubectl) once, into the user's
# cache folder, and prints the path of the binary. Needs Go 1.26 and the Go module proxy; about ten minutes cold.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
version=v1.37.2
key=$(cat "$here/main.go" "$here/go.mod" "$here/go.sum" | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/belay/controlplane
binary=$cache/controlplane-$version-$key

if [[ ${1:-} == --where ]]; then
  echo "$binary"
  exit 0
fi
if [[ ! -x $binary ]]; then
  command -v go >/dev/null || { echo "build.sh: no go on the PATH; install Go 1.26 or later" >&2; exit 1; }
  mkdir -p "$cache"
  # One builder at a time: a second caller waits for the first one's binary.
  exec 9>"$cache/lock"
  flock 9
  if [[ ! -x $binary ]]; then
    echo "build.sh: building the control plane, about ten minutes the first time" >&2
    v=k8s.io/component-base/version
    (cd "$here" && go build -trimpath -buildvcs=false \
      -ldflags "-s -w -X $v.gitVersion=$version -X $v.gitMajor=1 -X $v.gitMinor=37" -o "$binary.partial" .) >&2
    mv "$binary.partial" "$binary"
  fi
fi
echo "$binary"
