#!/usr/bin/env bash
# Tells the story of docker-compose.yml to its end: a good release, a bad one through Kafka, the rollback. Where
# Prometheus's and Alertmanager's images cannot be pulled, this machine's own programs stand in under their names;
# for Kafka's and Belay's own there are src/test/kafkaimage/build.sh and src/test/image/build.sh. Needs a container
# engine and docker-compose.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source src/test/lib.sh

compose() { docker-compose --project-name belay-story "$@"; }

# An image of one program of this machine.
stand_in() {
  local image=$1 program root
  program=$(command -v "$2")
  root=$(mktemp -d)
  mkdir -p "$root"/{bin,tmp,etc,prometheus,alertmanager}
  chmod 1777 "$root/tmp"
  cp -L "$program" "$root/bin/$2"
  linked "$program" | copy_into "$root"
  # Debian's Alertmanager asks for its templates.
  [[ ! -d /usr/share/prometheus/alertmanager ]] || { mkdir -p "$root/usr/share/prometheus" && cp -rL /usr/share/prometheus/alertmanager "$root/usr/share/prometheus/"; }
  tar -C "$root" -c . | docker import --change "ENTRYPOINT [\"/bin/$2\"]" - "$image" >/dev/null
  rm -rf "$root"
  echo "run.sh: a stand-in is made for $image" >&2
}

for each in prometheus:prometheus alertmanager:prometheus-alertmanager; do
  image=$(sed -n "s,^ *image: \(prom/${each%%:*}:.*\)$,\1,p" docker-compose.yml)
  there "$image" || stand_in "$image" "${each#*:}"
done
src/test/kafkaimage/build.sh >&2
src/test/image/build.sh >/dev/null
docker tag belay:test belay:compose

trap 'compose down --volumes --timeout 30 >/dev/null 2>&1' EXIT
compose up --detach --no-build >&2

ask() { curl -sf --user demo:demo "http://127.0.0.1:9096$1" || true; }
await() {
  for _ in {1..180}; do
    ask "$2" | grep -qE "$3" && { echo "$1" >&2; return; }
    sleep 1
  done
  compose logs --tail 40 >&2
  echo "run.sh: not in time: $1" >&2
  exit 1
}
await "Belay is ready" /-/ready ready
compose run --rm ship 1.1 >&2
await "1.1 is known good" /api/v1/services 'covet:1\.1.*"judgement":"good"'
compose run --rm ship bad-1.2 >&2
await "bad-1.2 runs" /api/v1/services 'covet:bad-1\.2'
await "it is rolled back" /metrics 'belay_actions_total\{action="rollback",outcome="applied"\} 1'
await "the incident is over" /api/v1/incidents '"closed"'
