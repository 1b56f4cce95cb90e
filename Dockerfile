# Belay's image: a runtime with the modules that it needs, its jars, and what the JVM learned about starting
# them. No shell, no package manager, no root; all that it writes are its journal and /tmp.
#
#   docker build --tag belay .
#   docker run --read-only --tmpfs /tmp:exec --volume journal:/var/lib/belay \
#     --volume "$PWD/my-config:/etc/belay:ro" --publish 9096:9096 belay

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -Punchecked package
RUN jlink --strip-java-debug-attributes --no-man-pages --no-header-files --output /opt/belay/jre \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported \
 && cp target/belay-*.jar /opt/belay/belay.jar \
 && cp -r target/lib /opt/belay/lib \
 && cp config/jvm.options /opt/belay/jvm.options
# At the places where it will be started: the JVM takes what it learned for these very files only.
RUN java src/build/java/Train.java /opt/belay/belay.jar /opt/belay/belay.aot /opt/belay/jre/bin/java \
 && mkdir -p /var/lib/belay

# The C library, certificates, and a user: nothing else.
FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /opt/belay /opt/belay
COPY --from=build --chown=65532:65532 /var/lib/belay /var/lib/belay
USER 65532:65532
WORKDIR /var/lib/belay
VOLUME /var/lib/belay
EXPOSE 9096
# Health is for whoever runs it to ask, at /livez and /readyz: there is no shell here that could.
ENTRYPOINT ["/opt/belay/jre/bin/java", "-XX:AOTCache=/opt/belay/belay.aot", "@/opt/belay/jvm.options", "-jar", "/opt/belay/belay.jar"]
CMD ["run", "--config", "/etc/belay/belay.yml"]
