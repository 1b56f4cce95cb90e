package dev.belay.app.config;

import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.kafka.KafkaSettings.Login;
import dev.belay.intake.kafka.KafkaSettings.Protocol;
import dev.belay.intake.kafka.KafkaSettings.Start;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Reading;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads what stands under {@code kafka}. */
final class KafkaReader {
  static final List<String> KEYS =
      List.of(
          "brokers",
          "topics",
          "group",
          "group_protocol",
          "start",
          "dead_letters",
          "publish",
          "username",
          "password",
          "password_file",
          "client");

  private static final String DEFAULT_GROUP = "belay";
  private static final String FILE = "_file";
  private static final Pattern BROKER =
      Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[-._A-Za-z0-9]+):[0-9]{1,5}");
  private static final Pattern TOPIC = Pattern.compile("[-._A-Za-z0-9]{1,249}");

  private final Path folder;
  private final Problems problems;
  private final Secrets secrets;

  KafkaReader(Path folder, Problems problems, Secrets secrets) {
    this.folder = folder;
    this.problems = problems;
    this.secrets = secrets;
  }

  Optional<KafkaSettings> read(Fields kafka) {
    List<String> brokers =
        some(kafka, "brokers", "a broker", "write their addresses, each host:port", this::broker);
    Optional<String> publish = kafka.read("publish", this::topic);
    List<String> topics =
        kafka.has("publish") && !kafka.has("topics")
            ? List.of()
            : some(
                kafka, "topics", "a topic", "write the names of the topics to read", this::topic);
    String group = kafka.text("group").orElse(DEFAULT_GROUP);
    Protocol protocol =
        kafka.read("group_protocol", KafkaReader::protocol).orElse(Protocol.CLASSIC);
    Start start = kafka.read("start", KafkaReader::start).orElse(new Start.Earliest());
    Optional<String> deadLetters = kafka.read("dead_letters", this::topic);
    if (deadLetters.filter(topics::contains).isPresent()) {
      problems.error(
          kafka.at("dead_letters"),
          "dead letters cannot go to a topic that is read; name another for them");
    }
    SortedMap<String, String> client = client(kafka);
    Optional<Login> login = login(kafka);
    boolean asksForLogin =
        client.containsKey("sasl.mechanism")
            || client.getOrDefault("security.protocol", "").startsWith("SASL");
    if (login.isEmpty() && asksForLogin && !kafka.has("username")) {
      problems.error(
          kafka.at("client"), "nobody is there to log in; write \"username\" and a password");
    }
    if (login.isPresent()
        && !client.getOrDefault("security.protocol", "SASL_SSL").startsWith("SASL")) {
      problems.error(
          kafka.at("client"),
          "nobody logs in by this security.protocol; write SASL_SSL, or no \"username\"");
    }
    return brokers.isEmpty() || (topics.isEmpty() && publish.isEmpty())
        ? Optional.empty()
        : Optional.of(
            new KafkaSettings(
                brokers, topics, group, protocol, start, deadLetters, login, client, publish));
  }

  private List<String> some(
      Fields kafka, String key, String what, String remedy, Reading<String> reading) {
    LinkedHashSet<String> found = new LinkedHashSet<>();
    if (kafka.require(key, remedy)) {
      List<Yaml> items = kafka.items(key);
      items.forEach(item -> Fields.read(item, what, problems, reading).ifPresent(found::add));
      if (items.isEmpty() && kafka.node(key).filter(Yaml.Sequence.class::isInstance).isPresent()) {
        problems.error(kafka.at(key), "\"" + key + "\" is empty; " + remedy);
      }
    }
    return List.copyOf(found);
  }

  private String broker(String text) throws Unreadable {
    if (!BROKER.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text) + " is not an address; write host:port, such as kafka-1:9092");
    }
    return text;
  }

  private String topic(String text) throws Unreadable {
    if (!TOPIC.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new Unreadable(
          Quoted.of(text) + " is no topic's name; it has letters, digits, dots, _ and - only");
    }
    return text;
  }

  private static Protocol protocol(String text) throws Unreadable {
    return switch (text) {
      case "classic" -> Protocol.CLASSIC;
      case "consumer" -> Protocol.CONSUMER;
      default ->
          throw new Unreadable(
              Quoted.of(text)
                  + " is no group protocol"
                  + Nearest.hint(text, List.of("classic", "consumer")));
    };
  }

  private static Start start(String text) throws Unreadable {
    return switch (text) {
      case "earliest" -> new Start.Earliest();
      case "latest" -> new Start.Latest();
      default -> new Start.Back(back(text));
    };
  }

  private static Duration back(String text) throws Unreadable {
    try {
      return Durations.positive(text);
    } catch (Unreadable e) {
      throw new Unreadable(
          Quoted.of(text) + " is no place to start; write earliest, latest, or a time such as 24h");
    }
  }

  private Optional<Login> login(Fields kafka) {
    boolean asked = kafka.has("username") || kafka.has("password") || kafka.has("password_file");
    if (!asked) {
      return Optional.empty();
    }
    kafka.require("username", "write who logs in");
    Optional<String> username = kafka.text("username");
    Optional<Secret> password = secrets.one(kafka, "password", "password_file");
    if (password.filter(it -> it.reveal().chars().anyMatch(Character::isISOControl)).isPresent()) {
      problems.error(
          kafka.at("password"), "the password holds a control character; write it on one line");
      return Optional.empty();
    }
    return username.flatMap(name -> password.map(it -> new Login(name, it.reveal())));
  }

  private SortedMap<String, String> client(Fields kafka) {
    SortedMap<String, String> client = new TreeMap<>();
    TreeSet<String> keys = new TreeSet<>(KafkaSettings.CLIENT);
    KafkaSettings.SECRET.forEach(key -> keys.add(key + FILE));
    Optional<Fields> written = kafka.fields("client", List.copyOf(keys));
    for (String key : KafkaSettings.CLIENT) {
      written
          .filter(fields -> fields.has(key) || fields.has(key + FILE))
          .flatMap(fields -> setting(fields, key))
          .ifPresent(value -> client.put(key, value));
    }
    return client;
  }

  private Optional<String> setting(Fields client, String key) {
    if (KafkaSettings.SECRET.contains(key)) {
      return secrets.one(client, key, key + FILE).map(Secret::reveal);
    }
    if (KafkaSettings.PATHS.contains(key)) {
      return client.read(key, text -> Addresses.path(folder, text).toString());
    }
    return switch (key) {
      case "sasl.mechanism" -> client.read(key, text -> one(text, KafkaSettings.MECHANISMS));
      case "security.protocol" -> client.read(key, text -> one(text, KafkaSettings.SECURITY));
      default -> client.text(key);
    };
  }

  private static String one(String text, List<String> known) throws Unreadable {
    if (!known.contains(text)) {
      throw new Unreadable(
          Quoted.of(text) + " is not known here; write one of " + String.join(", ", known));
    }
    return text;
  }
}
