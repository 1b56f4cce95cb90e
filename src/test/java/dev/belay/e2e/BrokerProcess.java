package dev.belay.e2e;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A broker in a process of its own, which is ended as a power cut would end it, and whose ports are
 * known before it starts.
 */
final class BrokerProcess implements Broker {
  private static final Duration START = Duration.ofMinutes(2);

  private final Path folder;
  private final Map<String, Integer> ports = new TreeMap<>();
  private Optional<Process> process = Optional.empty();

  private BrokerProcess(Path folder) {
    this.folder = folder;
  }

  /** One that asks nobody for anything. {@link #start} starts it. */
  static BrokerProcess of(Path folder) {
    return of(folder, Map.of(), Map.of(), List.of());
  }

  /**
   * One with other doors besides.
   *
   * @param doors their security protocols, by their names in upper case
   * @param settings the broker's own, with their names there
   * @param users for SCRAM, as Kafka's own tool takes them
   */
  static BrokerProcess of(
      Path folder, Map<String, String> doors, Map<String, String> settings, List<String> users) {
    BrokerProcess broker = new BrokerProcess(folder);
    broker.format(doors, settings, users);
    return broker;
  }

  private Path properties() {
    return folder.resolve("server.properties");
  }

  private void format(Map<String, String> doors, Map<String, String> settings, List<String> users) {
    Map<String, String> all = new TreeMap<>(doors);
    all.put("CONTROLLER", "PLAINTEXT");
    all.put("PLAIN", "PLAINTEXT");
    List<String> listeners = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    all.forEach(
        (name, protocol) -> {
          ports.put(name, FreePort.next());
          listeners.add(name + "://127.0.0.1:" + ports.get(name));
          protocols.add(name + ":" + protocol);
        });
    Properties properties = new Properties();
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", "0");
    properties.setProperty(
        "controller.quorum.bootstrap.servers", "127.0.0.1:" + ports.get("CONTROLLER"));
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty("inter.broker.listener.name", "PLAIN");
    properties.setProperty("listeners", String.join(",", listeners));
    properties.setProperty("listener.security.protocol.map", String.join(",", protocols));
    properties.setProperty("log.dirs", folder.resolve("logs").toString());
    properties.setProperty("auto.create.topics.enable", "false");
    properties.setProperty("broker.heartbeat.interval.ms", "500");
    // After a kill the next one has to wait for that.
    properties.setProperty("broker.session.timeout.ms", "3000");
    properties.setProperty("group.consumer.min.session.timeout.ms", "1000");
    properties.setProperty("group.consumer.session.timeout.ms", "6000");
    properties.setProperty("group.consumer.min.heartbeat.interval.ms", "500");
    properties.setProperty("group.consumer.heartbeat.interval.ms", "1000");
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    properties.setProperty("offsets.topic.num.partitions", "1");
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("transaction.state.log.min.isr", "1");
    properties.setProperty("transaction.state.log.num.partitions", "1");
    properties.setProperty("transaction.state.log.replication.factor", "1");
    settings.forEach(properties::setProperty);
    try (var out = Files.newBufferedWriter(properties())) {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("no file", e);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "format",
                "--standalone",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                properties().toString()));
    users.forEach(user -> command.addAll(List.of("--add-scram", user)));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        StorageTool.execute(
            command.toArray(String[]::new), new PrintStream(said, true, StandardCharsets.UTF_8));
    if (status != 0) {
      throw new IllegalStateException("no storage: " + said.toString(StandardCharsets.UTF_8));
    }
  }

  @Override
  public String bootstrapServers() {
    return at("PLAIN");
  }

  /** Where clients begin who come by that door. */
  String at(String door) {
    return "127.0.0.1:" + port(door);
  }

  private int port(String door) {
    return ports.getOrDefault(door, 0);
  }

  @Override
  public void start() {
    try {
      Process started =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  BrokerProcess.class.getName(),
                  properties().toString())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()))
              .start();
      process = Optional.of(started);
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly, "broker-end"));
      Eventually.holds(
          "the broker listens",
          START,
          () -> {
            if (!started.isAlive()) {
              throw new AssertionError("the broker ended; it said:\n" + said());
            }
            return listens();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("the broker does not start", e);
    }
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("broker.log"));
    } catch (IOException e) {
      return "nothing: " + e.getMessage();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("PLAIN"))) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code kill -9}; it is gone when this returns. */
  @Override
  public void stop() {
    process.ifPresent(it -> it.destroyForcibly().onExit().join());
    process = Optional.empty();
  }

  @Override
  public void close() {
    stop();
  }

  /** The process itself. */
  public static void main(String[] args) throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(in);
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
    server.startup();
    server.awaitShutdown();
  }
}
