#!/usr/bin/env bash
# Builds helm, by which the chart is linted and rendered, once, into the user's cache folder, and prints the
# path of the binary. Needs Go 1.26 and the Go module proxy; about two minutes cold.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

version=v3.22.0
build() {
  local partial
  partial=$(dirname "$1")/partial
  GOBIN=$partial go install -trimpath -ldflags "-s -w" "helm.sh/helm/v3/cmd/helm@$version" >&2
  mv "$partial/helm" "$1"
  rmdir "$partial"
}
cached "helm/$version/helm" "helm, about two minutes" "$@"
