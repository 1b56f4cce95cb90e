#!/usr/bin/env bash
# Tells the story of docker-compose.yml to its end: a good release, a bad one through Kafka, the rollback, and how
# that is seen in the console. With the images there it takes two minutes; a step that is not over four minutes
# after the start is a failure. Where Prometheus's and Alertmanager's images cannot be pulled, this machine's own
# programs stand in under their names; for Kafka's and Belay's own there are src/test/kafkaimage/build.sh and
# src/test/image/build.sh. Needs a container engine and docker-compose, and for the console a browser with its driver.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source src/test/lib.sh

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

# Without its colours and its dots, which no log wants.
compose() { timeout 120 docker-compose --ansi never --project-name belay-story "$@"; }
gone() { compose down --volumes --remove-orphans --timeout 30 >/dev/null 2>&1 || true; }
trap gone EXIT
gone
deadline=$((SECONDS + 240))
compose up --detach --no-build >&2

ask() { curl -sf --max-time 10 --user demo:demo-on-my-machine "http://127.0.0.1:9096$1" || true; }
fail() {
  compose logs --no-color --tail 10 kafka prometheus alertmanager >&2
  compose logs --no-color --tail 40 belay >&2
  echo "run.sh: $1" >&2
  exit 1
}
await() {
  until grep -qE "$3" <<<"$(ask "$2")"; do
    ((SECONDS < deadline)) || fail "not in time: $1"
    sleep 1
  done
  echo "$1" >&2
}
runs() { echo "\"present\":\\{[^}]*covet:${1//./\\.}\""; }
ship() { compose run --rm ship "$1" >&2 || fail "$1 cannot be announced through Kafka"; }

await "Belay is ready" /-/ready ready
ship 1.1
await "1.1 is known good" /api/v1/services "$(runs 1.1)"'[^}]*"judgement":"good"'
ship bad-1.2
await "bad-1.2 runs" /api/v1/services "$(runs bad-1.2)"
await "it is rolled back" /metrics 'belay_actions_total\{action="rollback",outcome="applied"\} 1'
await "1.1 runs again" /api/v1/services "$(runs 1.1)"
await "the incident is over" /api/v1/incidents '"closed"'

# The classes of the tests are there after a build.
[[ -f target/test-classes/dev/belay/e2e/ConsoleOfCompose.class ]] || mvn -q -B -ntp -Punchecked test-compile >&2
timeout 150 mvn -q -B -ntp toolchains:select-jdk-toolchain@default failsafe:integration-test@default failsafe:verify@default \
  -Dit.test=ConsoleOfCompose -Dbelay.console=http://demo:demo-on-my-machine@127.0.0.1:9096 >&2 || fail "the rollback is not seen in the console"
echo "the rollback is seen in the console" >&2
