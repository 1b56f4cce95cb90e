#!/usr/bin/env bash
# Makes an image under the name apache/kafka:VERSION for machines that cannot pull it: a Java runtime, Kafka's
# broker from Maven, a shell, and the start script's contract, which is all that Testcontainers asks of it.
# Does nothing where the engine has the image. Needs a JDK 17 or later, Maven and a container engine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
version=$(sed -n 's/.*<kafka.version>\(.*\)<.*/\1/p' "$here/../../../pom.xml")
image=apache/kafka:$version

if docker image inspect "$image" >/dev/null 2>&1; then
  echo "$image is there"
  exit 0
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,etc/kafka/docker,opt/kafka,tmp,usr/bin}
chmod 1777 "$root/tmp"

mvn -q -B -ntp -f "$here/pom.xml" -Dkafka.version="$version" \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$root/opt/kafka/libs"

# The first jlink of a JDK that Kafka runs on.
for jlink in "${JAVA_HOME:-/nowhere}/bin/jlink" "$(command -v jlink || true)" /usr/lib/jvm/*/bin/jlink /opt/java/*/bin/jlink; do
  [[ -x $jlink ]] || continue
  jlink_version=$("$jlink" --version)
  ((${jlink_version%%.*} >= 17)) && break
  jlink=
done
[[ -x $jlink ]] || { echo "build.sh: no jlink found; install a JDK 17 or later, or set JAVA_HOME to it" >&2; exit 1; }
"$jlink" --strip-java-debug-attributes --no-man-pages --no-header-files --output "$root/opt/java" \
  --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.crypto.ec

# A shell and what it and the runtime are linked with.
for program in bash sleep rm cat; do
  cp -L "$(command -v $program)" "$root/bin/$program"
done
ln -s bash "$root/bin/sh"
linked "$root"/bin/bash "$root"/bin/sleep "$root"/opt/java/bin/java "$root"/opt/java/lib/*.so "$root"/opt/java/lib/server/libjvm.so 2>/dev/null |
  grep -v "^$root" | sort -u | copy_into "$root"
printf 'root:x:0:0:root:/tmp:/bin/bash\n' >"$root/etc/passwd"
install -m 755 "$here/run" "$root/etc/kafka/docker/run"
# The one of its tools by which compose ships a release.
mkdir -p "$root/opt/kafka/bin"
printf '#!/bin/bash\nexec /opt/java/bin/java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "/opt/kafka/libs/*" org.apache.kafka.tools.ConsoleProducer "$@"\n' \
  >"$root/opt/kafka/bin/kafka-console-producer.sh"
chmod 755 "$root/opt/kafka/bin/kafka-console-producer.sh"

tar -C "$root" -c . | docker import --change 'ENV PATH=/bin:/opt/java/bin' --change 'CMD ["/etc/kafka/docker/run"]' - "$image" >/dev/null
echo "$image is made"
