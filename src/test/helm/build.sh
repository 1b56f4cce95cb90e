#!/usr/bin/env bash
# Builds helm, by which the chart is linted and rendered, once, into the user's cache folder, and prints the
# path of the binary. Needs Go 1.26 and the Go module proxy; about two minutes cold.
set -euo pipefail

version=v3.22.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/belay/helm/$version
binary=$cache/helm

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
    echo "build.sh: building helm, about two minutes the first time" >&2
    GOBIN=$cache/partial go install -trimpath -ldflags "-s -w" "helm.sh/helm/v3/cmd/helm@$version" >&2
    mv "$cache/partial/helm" "$binary"
    rmdir "$cache/partial"
  fi
fi
echo "$binary"
