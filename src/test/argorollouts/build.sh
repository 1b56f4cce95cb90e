#!/usr/bin/env bash
# Builds the controller of Argo Rollouts once, into the user's cache folder, with its kinds' definitions beside it in
# the folder crds, and prints the path of the binary. Needs Go 1.26 and the Go module proxy; about four minutes cold.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# The next versions ask for a newer Go than the others here.
version=v1.9.1
build() {
  local module partial
  partial=$(dirname "$1")/partial
  # In the module's own folder, so that its own go.mod holds with all that it replaces.
  module=$(cd / && go mod download -json "github.com/argoproj/argo-rollouts@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  mkdir -p "$partial" "$(dirname "$1")/crds"
  (cd "$module" && go build -trimpath -buildvcs=false -ldflags "-s -w" -o "$partial/controller" \
    ./cmd/rollouts-controller) >&2
  install -m 644 "$module"/manifests/crds/*-crd.yaml "$(dirname "$1")/crds"
  mv "$partial/controller" "$1"
  rmdir "$partial"
}
cached "argorollouts/$version/controller" "Argo Rollouts, about four minutes" "$@"
