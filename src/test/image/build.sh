#!/usr/bin/env bash
# Builds Belay's image, belay:test, by the Dockerfile as it is, and prints its size. For machines that cannot pull
# it first makes images under the names of those that the Dockerfile begins with, where the engine has none: one
# of a shell, this machine's JDK 25 and Maven and what Maven has fetched, and one of the C library and a user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source src/test/lib.sh

build=$(sed -n 's/^FROM \(.*\) AS build$/\1/p' Dockerfile)
final=$(sed -n 's/^FROM \([^ ]*\)$/\1/p' Dockerfile)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# A stand-in knows what Maven had fetched for one pom; for another it is made anew.
pom=$(sha256sum pom.xml | cut -c1-12)
stand_in=$(docker image inspect --format '{{index .Config.Labels "belay.pom"}}' "$build" 2>/dev/null || true)
if [[ -n $stand_in && $stand_in != "<no value>" && $stand_in != "$pom" ]]; then
  docker rmi --force "$build" >/dev/null
fi

# Copies programs, and what they are linked with, into a folder.
programs() {
  local into=$1 program
  shift
  for program in "$@"; do
    [[ $program == /* ]] || { cp -L "$(command -v "$program")" "$into/bin/"; program=$(command -v "$program"); }
    linked "$program" 2>/dev/null
  done | sort -u | grep -v "^/usr/lib/jvm" | copy_into "$into"
}

if ! there "$build"; then
  for java in "${JAVA_HOME:-/nowhere}" /usr/lib/jvm/* /opt/java/*; do
    [[ -x $java/bin/jlink ]] && version=$("$java/bin/jlink" --version) && ((${version%%.*} >= 25)) && break
    java=
  done
  [[ -n $java ]] || { echo "build.sh: no JDK 25 found; install one, or set JAVA_HOME to it" >&2; exit 1; }
  # What the build asks of Maven is there once it has asked here.
  mkdir "$root/once"
  tar -c --exclude-from=<(printf '%s\n' ./target ./.git) . | tar -x -C "$root/once"
  (cd "$root/once" && mvn -q -B -ntp -Punchecked package)
  here=$root/build
  mkdir -p "$here"/{bin,etc,opt,root/.m2,src,tmp,usr/share,usr/bin,var/lib}
  programs "$here" bash basename cat cp dirname env expr ls mkdir mv readlink rm sed tr uname grep \
    "$java/bin/java" "$java"/lib/*.so "$java/lib/server/libjvm.so"
  ln -s bash "$here/bin/sh"
  ln -s ../../bin/env "$here/usr/bin/env"
  cp -rL "$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")" "$here/usr/share/maven"
  # Debian's JDK has its certificates elsewhere.
  cacerts=$(readlink -f "$java/lib/security/cacerts")
  mkdir -p "$here$(dirname "$cacerts")"
  cp "$cacerts" "$here$cacerts"
  printf '<settings><offline>true</offline></settings>\n' >"$here/root/.m2/settings.xml"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$here/etc/passwd"
  tar -c -C "$here" . -C / "${java#/}" "$(realpath "$HOME/.m2/repository" | cut -c2-)" --transform "s,^${HOME#/}/.m2,root/.m2," |
    docker import --change "ENV JAVA_HOME=$java" --change "ENV PATH=/usr/share/maven/bin:$java/bin:/bin" \
      --change "ENV HOME=/root" --change "LABEL belay.pom=$pom" - "$build" >/dev/null
  echo "build.sh: a stand-in is made for $build" >&2
fi

if ! there "$final"; then
  here=$root/final
  mkdir -p "$here"/{bin,etc,tmp,var/lib}
  chmod 1777 "$here/tmp"
  programs "$here" /bin/bash
  for library in libdl.so.2 libpthread.so.0 librt.so.1 libm.so.6; do
    cp -L "$(ldconfig -p | sed -n "s,.*[[:space:]]$library .*x86-64.*=> ,,p" | head -n 1)" "$here/lib/x86_64-linux-gnu/"
  done
  printf 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$here/etc/passwd"
  tar -c -C "$here" . | docker import - "$final" >/dev/null
  echo "build.sh: a stand-in is made for $final" >&2
fi

docker build -q --tag belay:test . >/dev/null
docker image inspect --format '{{.Size}}' belay:test
