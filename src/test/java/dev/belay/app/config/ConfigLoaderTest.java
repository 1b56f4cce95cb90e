package dev.belay.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.config.BelayConfig.Listen;
import dev.belay.app.config.BelayConfig.LogFormat;
import dev.belay.core.engine.Escalation;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.incident.Answer;
import dev.belay.core.release.Shipper;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Profile;
import dev.belay.intake.http.Role;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.intake.slack.Allowed;
import dev.belay.intake.slack.SlackIntake;
import dev.belay.journal.Retention;
import dev.belay.notify.MailSettings;
import dev.belay.rules.yaml.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  private static final Path SHIPPED = Path.of("config/belay.yml");

  @TempDir Path folder;

  private Configured load(String text, Map<String, String> environment) throws IOException {
    return ConfigLoader.load(Files.writeString(folder.resolve("belay.yml"), text), environment);
  }

  private Configured load(String text) throws IOException {
    return load(text, Map.of());
  }

  private void assertSays(String text, String... lines) throws IOException {
    assertEquals(
        List.of(lines),
        load(text).problems().stream().map(it -> it.toString().replace(folder + "/", "")).toList());
  }

  @Test
  void theShippedFileObservesAndAsksForNothingButDefaults() {
    Configured shipped = ConfigLoader.load(SHIPPED, Map.of());
    assertEquals(List.of(), shipped.problems());
    assertEquals(Mode.OBSERVE, shipped.config().settings().mode());
    BelayConfig defaults = BelayConfig.defaults(Path.of(""));
    assertEquals(defaults, shipped.config());
  }

  @Test
  void theShippedFileHasEveryKeyAndShowsTheDefaults() throws IOException {
    // Comments that are YAML begin with "# key:", "#   key:" or "#     - ".
    String whole =
        Files.readString(SHIPPED)
            .lines()
            .filter(line -> !line.contains("token_file: /run/secrets/slack"))
            .filter(line -> !line.contains("password_file: /run/secrets/kafka-password"))
            .filter(line -> !line.contains("routing_key_file: /run/secrets/pagerduty-key"))
            .filter(line -> !line.contains("password_file: /run/secrets/mail-password"))
            .filter(line -> !line.contains("bearer_token: ${PROMETHEUS_TOKEN}"))
            .map(line -> line.replaceFirst("^( *)# ( *(?:- )?[a-z_.]+:(?: .*)?)$", "$1$2"))
            .map(line -> line.replaceFirst("^# ( *- \\S+)$", "$1"))
            .collect(Collectors.joining("\n"));
    Path token = Files.writeString(folder.resolve("token"), "t".repeat(16));
    Configured configured =
        load(
            whole.replaceAll("/run/secrets/\\S+|/etc/belay/kubeconfig", token.toString()),
            Map.ofEntries(
                Map.entry("BELAY_TOKEN", "aaaaaaaaaaaaaaaa"),
                Map.entry("BELAY_VIEWER_TOKEN", "vvvvvvvvvvvvvvvv"),
                Map.entry("BELAY_PASSWORD", "bbbbbbbbbbbbbbbb"),
                Map.entry("SLACK_TOKEN", "xoxb-c"),
                Map.entry("SLACK_APP_TOKEN", "xapp-g"),
                Map.entry("SLACK_SIGNING_SECRET", "hhhhhhhhhhhhhhhh"),
                Map.entry("PAGERDUTY_KEY", "0123456789abcdef0123456789abcdef"),
                Map.entry("MANAGER_PAGERDUTY_KEY", "fedcba9876543210fedcba9876543210"),
                Map.entry("BELAY_WEBHOOK_SECRET", "a secret of the hook"),
                Map.entry("MAIL_PASSWORD", "i"),
                Map.entry("KAFKA_PASSWORD", "d"),
                Map.entry("FLUX_SECRET", "eeeeeeeeeeeeeeee"),
                Map.entry("GITHUB_SECRET", "ffffffffffffffff")));
    assertEquals(
        List.of("whoever listens on the way reads the token or password; use https"),
        configured.problems().stream().map(Problem::sentence).toList(),
        whole);
    BelayConfig config = configured.config();
    assertEquals(BelayConfig.Intake.DEFAULT, config.intake());
    assertEquals(
        Settings.DEFAULT
            .withListening(
                new Listening(
                    Optional.of("Watchdog"),
                    Map.of(
                        Input.ALERTS,
                        Duration.ofMinutes(5),
                        Input.CLUSTER,
                        Listening.PATIENCE,
                        Input.KAFKA,
                        Listening.PATIENCE,
                        Input.PROMETHEUS,
                        Listening.PATIENCE,
                        Input.SCRAPES,
                        Listening.PATIENCE),
                    true))
            .withEscalation(
                new Escalation(
                    List.of(
                        new Escalation.Step(Duration.ofMinutes(10), List.of("pagerduty")),
                        new Escalation.Step(Duration.ofMinutes(20), List.of("lead", "leads")),
                        new Escalation.Step(Duration.ofMinutes(40), List.of("manager"))))),
        config.settings());
    assertEquals(
        List.of(Role.ADMIN, Role.VIEWER, Role.ADMIN, Role.INTAKE),
        config.auth().bearerTokens().stream().map(BelayConfig.Auth.Token::role).toList());
    assertEquals("X-Forwarded-User", config.auth().proxy().orElseThrow().header());
    assertEquals(2, config.auth().basic().size());
    assertEquals("covet-prod", config.cluster().context().orElseThrow());
    assertEquals(BelayConfig.Cluster.DEFAULT.poll(), config.cluster().poll());
    assertEquals(Duration.ZERO, config.shutdownDelay());
    assertEquals(Duration.ofSeconds(20), config.shutdownGrace());
    assertEquals("C0123456789", config.slack().orElseThrow().channel());
    assertEquals(Set.of(Answer.values()), config.slack().orElseThrow().buttons());
    List<Channel> channels = config.channels().all();
    assertEquals(
        List.of("pagerduty", "webhook", "mail", "lead", "manager", "leads"),
        channels.stream().map(Channel::name).toList());
    assertEquals("belay", ((Channel.PagerDuty) channels.get(0)).settings().source());
    assertEquals(2, ((Channel.Webhook) channels.get(1)).settings().secrets().size());
    MailSettings mail = ((Channel.Mail) channels.get(2)).settings();
    assertEquals(MailSettings.Security.STARTTLS, mail.security());
    assertEquals(
        mail.withTo(List.of("lead@example.com")), ((Channel.Mail) channels.get(3)).settings());
    KafkaSettings kafka = config.kafka().orElseThrow();
    assertEquals(new KafkaSettings.Start.Earliest(), kafka.start());
    assertEquals(KafkaSettings.Protocol.CLASSIC, kafka.protocol());
    assertEquals("belay", kafka.group());
    assertEquals(Optional.of("releases.dlq"), kafka.deadLetters());
    assertEquals("SCRAM-SHA-512", kafka.client().get("sasl.mechanism"));
    assertEquals(
        new PrometheusSettings(
            URI.create("http://prometheus:9090"),
            PrometheusSettings.INTERVAL,
            PrometheusSettings.TIMEOUT,
            PrometheusSettings.WINDOW,
            Profile.HTTP,
            PrometheusSettings.MINIMUM_TRAFFIC,
            Optional.of("Bearer " + "t".repeat(16)),
            Optional.of(Map.of("cluster", "eu-1"))),
        config.prometheus().orElseThrow());
  }

  @Test
  void prometheusNeedsNoMoreThanItsAddress() throws IOException {
    Configured configured = load("prometheus: { url: 'https://mimir/prometheus' }\n");
    assertEquals(List.of(), configured.problems());
    assertEquals(
        new PrometheusSettings(
            URI.create("https://mimir/prometheus"),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Profile.HTTP,
            0.5,
            Optional.empty(),
            Optional.empty()),
        configured.config().prometheus().orElseThrow());
  }

  @Test
  void prometheusIsAskedByNameAndPassword() throws IOException {
    Configured configured =
        load(
            """
            prometheus:
              url: http://127.0.0.1:9090
              interval: 5s
              minimum_traffic: 30/m
              profile: istio
              username: belay
              password: ${P}
            """,
            Map.of("P", "x:y"));
    assertEquals(List.of(), configured.problems());
    PrometheusSettings prometheus = configured.config().prometheus().orElseThrow();
    assertEquals(Optional.of("Basic YmVsYXk6eDp5"), prometheus.authorization());
    assertEquals(0.5, prometheus.minimumTraffic());
    assertEquals(Profile.ISTIO, prometheus.profile());
  }

  @Test
  void whatPrometheusCouldNotUseIsAnErrorAtItsPlace() throws IOException {
    assertSays(
        """
        prometheus:
          interval: 2m
          timeout: 100ms
          window: 1s
          profile: envoy
          minimum_traffic: 1
          intervall: 1s
        """,
        "belay.yml:2:3: the key \"url\" is missing; write where it is, such as"
            + " http://prometheus:9090",
        "belay.yml:2:13: \"interval\": \"2m\" is out of range; write 1s to 45s",
        "belay.yml:3:12: \"timeout\": \"100ms\" is out of range; write 1s to 45s",
        "belay.yml:5:12: \"profile\": \"envoy\" is unknown; known here: http, istio",
        "belay.yml:6:20: \"minimum_traffic\": \"1\" is not a rate; write it as 1/s, 0.5/s or 30/m",
        "belay.yml:7:3: unknown key \"intervall\" in \"prometheus\"; did you mean \"interval\"?");
    assertSays(
        "prometheus: { url: 'ftp://a', username: b, bearer_token: c }\n",
        "belay.yml:1:20: \"url\": not a web address; write it as http://prometheus:9090, without a"
            + " user",
        "belay.yml:1:31: write either a bearer token, or a name and a password");
    assertSays(
        "prometheus: { url: 'http://a:1', external_labels: { a: b } }\n",
        "belay.yml:1:34: warning: nothing is labelled so unless Belay evaluates alerts; write"
            + " evaluate_alerts: true");
    assertSays(
        "prometheus: { url: 'http://a:1/?x=y' }\n",
        "belay.yml:1:20: \"url\": not Prometheus's address; leave out what follows the path");
  }

  @Test
  void kafkaNeedsNoMoreThanBrokersAndTopics() throws IOException {
    Configured configured = load("kafka: { brokers: [ 'k:9092' ], topics: [ a, b ] }\n");
    assertEquals(List.of(), configured.problems());
    assertEquals(
        new KafkaSettings(
            List.of("k:9092"),
            List.of("a", "b"),
            "belay",
            KafkaSettings.Protocol.CLASSIC,
            new KafkaSettings.Start.Earliest(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>()),
        configured.config().kafka().orElseThrow());
  }

  @Test
  void whatKafkaCouldNotUseIsAnErrorAtItsPlace() throws IOException {
    assertSays(
        """
        kafka:
          brokers: [ kafka ]
          topics: [ a, "b c" ]
          group_protocol: share
          start: never
          dead_letters: a
          client:
            sasl.jaas.config: x
            sasl.mechanism: OAUTHBEARER
            security.protocol: SSL
            ssl.key.password: one
            ssl.key.password_file: two
        """,
        "belay.yml:2:14: a broker: \"kafka\" is not an address; write host:port, such as"
            + " kafka-1:9092",
        "belay.yml:3:16: a topic: \"b c\" is no topic's name; it has letters, digits, dots, _ and -"
            + " only",
        "belay.yml:4:19: \"group_protocol\": \"share\" is no group protocol; known here: classic,"
            + " consumer",
        "belay.yml:5:10: \"start\": \"never\" is no place to start; write earliest, latest, or a"
            + " time such as 24h",
        "belay.yml:6:3: dead letters cannot go to a topic that is read; name another for them",
        "belay.yml:8:5: unknown key \"sasl.jaas.config\" in \"client\"; known here: "
            + Stream.concat(
                    KafkaSettings.CLIENT.stream(),
                    KafkaSettings.SECRET.stream().map(key -> key + "_file"))
                .sorted()
                .collect(Collectors.joining(", ")),
        "belay.yml:9:21: \"sasl.mechanism\": \"OAUTHBEARER\" is not known here; write one of PLAIN,"
            + " SCRAM-SHA-256, SCRAM-SHA-512",
        "belay.yml:12:5: write either \"ssl.key.password\" or \"ssl.key.password_file\"",
        "belay.yml:12:28: \"ssl.key.password_file\": there is no file \"two\"; check the path");
  }

  @Test
  void kafkasPasswordsStandInFilesAndShowNowhere() throws IOException {
    Files.writeString(folder.resolve("pw"), "hunter2\n");
    Files.writeString(folder.resolve("ts"), "hunter3\n");
    Configured configured =
        load(
            """
            kafka:
              brokers: [ "k:9092" ]
              topics: [ a ]
              start: 24h
              username: belay
              password_file: pw
              client: { ssl.truststore.location: t.jks, ssl.truststore.password_file: ts }
            """);
    assertEquals(List.of(), configured.problems());
    KafkaSettings kafka = configured.config().kafka().orElseThrow();
    assertEquals("hunter2", kafka.login().orElseThrow().password());
    assertEquals("hunter3", kafka.client().get("ssl.truststore.password"));
    assertEquals(folder.resolve("t.jks").toString(), kafka.client().get("ssl.truststore.location"));
    assertEquals(new KafkaSettings.Start.Back(Duration.ofHours(24)), kafka.start());
    assertFalse(configured.toString().contains("hunter"), configured::toString);
  }

  @Test
  void anEmptyFileAsksForTheDefaults() throws IOException {
    assertEquals(BelayConfig.defaults(folder), load("# nothing\n").config());
  }

  @Test
  void everythingCanBeSet() throws IOException {
    Files.writeString(folder.resolve("slack-token"), "xoxb-1\n");
    Configured configured =
        load(
            """
            listen: "[::1]:0"
            hosts: [ Belay.example.com ]
            rules: /etc/belay/rules
            journal: state
            retention: { time: 30d, size: 3GiB }
            mode: veto 45s
            intake: { body_limit: 512KiB, webhook_stale_after: 1d, alert_resolve_timeout: 90s }
            slack: { token_file: slack-token, channel: C1, api_url: "http://127.0.0.1:1/api/" }
            cluster: { enabled: false, kubeconfig: kc, context: c, poll: 5s }
            safety:
              storm: { services: 3, within: 2m }
              actions_per_hour: 4
              blind_after: 3m
              cluster_patience: 4m
              settle_patience: 5m
              intent_life: 6m
            shutdown_grace: 7s
            log: { format: json }
            """);
    assertEquals(List.of(), configured.problems());
    BelayConfig config = configured.config();
    assertEquals(new Listen("::1", 0), config.listen());
    assertEquals("[::1]:0", config.listen().toString());
    assertEquals(Set.of("belay.example.com"), config.hosts());
    assertEquals(Path.of("/etc/belay/rules"), config.rules());
    assertEquals(folder.resolve("state"), config.journal());
    assertEquals(new Retention(Duration.ofDays(30), 3L << 30), config.retention());
    assertEquals(512 * 1024, config.intake().bodyLimitBytes());
    assertEquals("xoxb-1", config.slack().orElseThrow().token().reveal());
    assertEquals(Optional.of(folder.resolve("kc")), config.cluster().kubeconfig());
    assertFalse(config.cluster().enabled());
    assertEquals(
        new Settings(
            new Mode(Mode.Kind.VETO, Duration.ofSeconds(45)),
            3,
            Duration.ofMinutes(2),
            4,
            Duration.ofMinutes(3),
            Duration.ofMinutes(4),
            Duration.ofMinutes(5),
            Duration.ofMinutes(6),
            Settings.DEFAULT.alertRoom(),
            Settings.CrashLoop.DEFAULT,
            Listening.NONE),
        config.settings());
    assertEquals(LogFormat.JSON, config.logFormat());
  }

  @Test
  void alertsRestOnPrometheusOnlyWhereBelayEvaluatesThem() throws IOException {
    assertFalse(listening("prometheus: { url: 'http://a:1' }\n").evaluates());
    assertTrue(listening("prometheus: { url: 'http://a:1', evaluate_alerts: true }\n").evaluates());
  }

  private Listening listening(String text) throws IOException {
    return load(text).config().settings().listening();
  }

  @Test
  void theAlertThatAlwaysFiresIsMissedOnlyWherePeopleSayThatThereIsOne() throws IOException {
    Listening without = load("mode: observe\n").config().settings().listening();
    assertEquals(
        new Listening(Optional.empty(), Map.of(Input.CLUSTER, Listening.PATIENCE), false), without);
    Listening usual =
        load("watchdog: { alert: Watchdog }\ncluster: { enabled: false }\n")
            .config()
            .settings()
            .listening();
    assertEquals(
        new Listening(Optional.of("Watchdog"), Map.of(Input.ALERTS, Duration.ofMinutes(5)), false),
        usual);
    Listening other =
        load("watchdog: { alert: DeadMansSwitch, missing_after: 90s }\n")
            .config()
            .settings()
            .listening();
    assertEquals(Optional.of("DeadMansSwitch"), other.watchdog());
    assertEquals(Duration.ofSeconds(90), other.silentAfter().get(Input.ALERTS));
    assertSays(
        "watchdog: { alerts: Watchdog, missing_after: 5 }\n",
        "belay.yml:1:13: unknown key \"alerts\" in \"watchdog\"; did you mean \"alert\"?",
        "belay.yml:1:46: \"missing_after\": \"5\" has no unit; write 5s, 5m or 5h");
  }

  @Test
  void toolsThatSignHaveSeveralSecretsInlineAndInFiles() throws IOException {
    Files.writeString(folder.resolve("flux"), "the third of flux\n");
    Configured configured =
        load(
            """
            webhooks:
              flux: { secrets: [ the first of flux, the second of flux ], secret_files: [ flux ] }
            """);
    assertEquals(List.of(), configured.problems());
    assertEquals(
        Map.of(
            Shipper.FLUX,
            List.of(
                new Secret("the first of flux"),
                new Secret("the second of flux"),
                new Secret("the third of flux"))),
        configured.config().signatures());
    assertFalse(configured.config().toString().contains("third"));
  }

  @Test
  void aDoorWhoseSecretsAreWrongIsAnErrorAndNotAnOpenDoor() throws IOException {
    assertSays(
        """
        webhooks:
          flux: {}
          github: { secrets: [ "" ], secret_files: [ absent ] }
          gitlab: { secrets: [ a ] }
        """,
        "belay.yml:2:3: no secret is written, so nothing could be checked; write \"secrets\" or"
            + " \"secret_files\", or leave the key out",
        "belay.yml:3:24: a secret is empty; write a value or leave the key out",
        "belay.yml:3:46: a secret's file: there is no file \"absent\"; check the path",
        "belay.yml:4:3: unknown key \"gitlab\" in \"webhooks\"; did you mean \"github\"?");
  }

  @Test
  void whatIsKeptOfThePastHasItsBounds() throws IOException {
    assertSays(
        "retention: { time: 30m, size: 1MiB, days: 3 }\n",
        "belay.yml:1:20: \"time\": must be an hour at least; write a duration such as 90d",
        "belay.yml:1:31: \"size\": \"1MiB\" is out of range; write 64MiB to 1024GiB",
        "belay.yml:1:37: unknown key \"days\" in \"retention\"; known here: time, size");
  }

  @Test
  void everyErrorIsSaidAtOnceWithItsPlace() throws IOException {
    assertSays(
        """
        listn: 127.0.0.1:1
        mode: on
        intake: { body_limit: 1GB, webhook_stale_after: soon }
        auth:
          bearer_token_files: [ absent ]
          basic: [ { username: a:b }, { password: sixteen--letters, password_file: y } ]
        slack: { token: 5 }
        cluster: { enabled: yes, poll: 0s }
        safety: { storm: { services: 1 }, actions_per_hour: many }
        log: { format: yaml }
        """,
        "belay.yml:1:1: unknown key \"listn\" in the configuration; did you mean \"listen\"?",
        "belay.yml:2:7: \"mode\": \"on\" is not a mode; known here: observe, propose, veto, act",
        "belay.yml:3:23: \"body_limit\": \"1GB\" is not a size; write it as 512KiB, 4MiB or 2GiB",
        "belay.yml:3:49: \"webhook_stale_after\": \"soon\" is not a duration; write it as 30s,"
            + " 1h30m or \"2 minutes\", the largest unit first",
        "belay.yml:5:25: a bearer token's file: there is no file \"absent\"; check the path",
        "belay.yml:6:12: write either \"password\" or \"password_file\"",
        "belay.yml:6:24: \"username\": a user's name cannot hold a colon; HTTP ends it there",
        "belay.yml:6:31: the key \"username\" is missing; write the user's name",
        "belay.yml:6:61: write either \"password\" or \"password_file\"",
        "belay.yml:6:76: \"password_file\": there is no file \"y\"; check the path",
        "belay.yml:7:8: the key \"channel\" is missing; write the id of the channel in which people"
            + " are told",
        "belay.yml:7:17: \"token\" must be a text, not a number; put it in quotes",
        "belay.yml:8:21: \"enabled\" must be true or false",
        "belay.yml:8:32: \"poll\": must be longer than zero; write a duration such as 30s or 5m",
        "belay.yml:9:30: \"services\" must be a whole number from 2 to 10000",
        "belay.yml:9:53: \"actions_per_hour\" must be a whole number from 1 to 1000",
        "belay.yml:10:16: \"format\": \"yaml\" is not a format of logs; known here: text, json");
  }

  @Test
  void theEnvironmentIsPutIntoValuesOfAnyKind() throws IOException {
    Configured configured =
        load(
            """
            listen: ${HOST}:${PORT:-1}
            safety: { actions_per_hour: "${ACTIONS}" }
            cluster: { enabled: "${ON}", context: "$${ON}-${EMPTY:-x}" }
            slack: { channel: C1, token: "${TOKEN}" }
            """,
            Map.of(
                "HOST",
                "localhost",
                "ACTIONS",
                "7",
                "ON",
                "false",
                "TOKEN",
                "xoxb-$1${HOST}",
                "EMPTY",
                ""));
    assertEquals(List.of(), configured.problems());
    assertEquals(new Listen("localhost", 1), configured.config().listen());
    assertEquals(7, configured.config().settings().actionsPerHour());
    assertEquals("${ON}-x", configured.config().cluster().context().orElseThrow());
    assertFalse(configured.config().cluster().enabled());
    assertEquals("xoxb-$1${HOST}", configured.config().slack().orElseThrow().token().reveal());
  }

  @Test
  void aVariableThatIsNotSetIsAnErrorAtItsPlace() throws IOException {
    assertSays(
        "rules: ${RULES}\njournal: ${}\n",
        "belay.yml:1:8: the environment has no RULES; set it, or write ${RULES:-default}",
        "belay.yml:2:10: \"${\" begins no variable; write ${NAME}, ${NAME:-default}, or $${ for the"
            + " characters");
  }

  @Test
  void secretsShowNowhere() throws IOException {
    Configured configured =
        load(
            """
            auth: { bearer_tokens: [ "${T}", [ hush ] ], basic: [ { username: a, password: hush } ] }
            slack: { token: hush, channel: C1, api_url: "https://hush:hush@slack.com/" }
            """,
            Map.of("T", "hush"));
    assertEquals("hush", configured.config().auth().bearerTokens().getFirst().secret().reveal());
    assertFalse(configured.toString().contains("hush"), configured::toString);
    assertEquals(
        2,
        configured.problems().stream()
            .filter(it -> it.severity() == Problem.Severity.ERROR)
            .count());
  }

  @Test
  void eachCredentialMayHaveARole() throws IOException {
    Files.writeString(folder.resolve("t"), "filed");
    BelayConfig.Auth auth =
        load("""
        auth:
          bearer_tokens: [ plain, { token: seen, role: viewer } ]
          bearer_token_files: [ t, { file: t, role: intake } ]
          basic:
            - { username: ada, password: p, role: operator }
            - { username: old, password: p }
          proxy:
            header: X-User
            groups_header: X-Groups
            groups: { sre: admin }
            from: [ "10.0.0.0/8", "::1" ]
        """)
            .config()
            .auth();
    assertEquals(
        List.of(Role.ADMIN, Role.VIEWER, Role.ADMIN, Role.INTAKE),
        auth.bearerTokens().stream().map(BelayConfig.Auth.Token::role).toList());
    assertEquals(
        List.of(Role.OPERATOR, Role.ADMIN),
        auth.basic().stream().map(BelayConfig.Auth.Basic::role).toList());
    assertEquals(Map.of("sre", Role.ADMIN), auth.proxy().orElseThrow().groups());
    assertEquals(Optional.empty(), auth.proxy().orElseThrow().everyone());
  }

  @Test
  void whoCouldGetInByMistakeIsAnErrorAtItsPlace() throws IOException {
    assertSays(
        """
        auth:
          bearer_tokens: [ { token: a long enough one, role: root }, { role: viewer } ]
          basic: [ { username: a, password: a long enough one, role: oprator } ]
          proxy: { header: "a b", from: [ 10.0.0.0/33, proxy.local, 0.0.0.0/0, "::/0" ] }
        """,
        "belay.yml:2:54: \"role\": \"root\" is not a role; known here: intake, viewer, operator,"
            + " admin",
        "belay.yml:2:62: the key \"token\" is missing; write the token",
        "belay.yml:3:62: \"role\": \"oprator\" is not a role; did you mean \"operator\"?",
        "belay.yml:4:10: nobody could do anything; write \"role\" for all whom the proxy names, or"
            + " \"groups\"",
        "belay.yml:4:20: \"header\": \"a b\" is not a header; write it as X-Forwarded-User",
        "belay.yml:4:35: a proxy's address: \"10.0.0.0/33\" is not an address or a range of them;"
            + " write it as 127.0.0.1, 10.0.0.0/8 or fd00::/8",
        "belay.yml:4:48: a proxy's address: \"proxy.local\" is not an address or a range of them;"
            + " write it as 127.0.0.1, 10.0.0.0/8 or fd00::/8",
        "belay.yml:4:61: a proxy's address: \"0.0.0.0/0\" is every address there is, so that"
            + " anybody could name themselves; write the proxy's own",
        "belay.yml:4:72: a proxy's address: \"::/0\" is every address there is, so that anybody"
            + " could name themselves; write the proxy's own");
    assertSays(
        "auth: { proxy: { header: X-User, groups: { a: viewer } } }\n",
        "belay.yml:1:16: the key \"from\" is missing; list the proxy's addresses, lest anybody"
            + " could name themselves",
        "belay.yml:1:34: nothing tells who is in a group; write \"groups_header\" too");
  }

  @Test
  void whatCouldBeGuessedIsWarnedOfAndShownNowhere() throws IOException {
    Files.writeString(folder.resolve("short"), "fifteen letters\n");
    String guessed =
        " of fewer than 16 characters can be guessed; make one with: openssl rand -hex 32";
    assertSays(
        """
        auth:
          bearer_tokens: [ fifteen-letters, sixteen--letters ]
          bearer_token_files: [ { file: short, role: viewer } ]
          basic: [ { username: a, password_file: short } ]
        webhooks: { github: { secrets: [ sixteen--letters, x ] } }
        """,
        "belay.yml:2:20: warning: a token" + guessed,
        "belay.yml:3:27: warning: a token" + guessed,
        "belay.yml:4:27: warning: a password" + guessed,
        "belay.yml:5:23: warning: a secret" + guessed);
  }

  @Test
  void aTokensFileWithSeveralLinesWouldLetNobodyIn() throws IOException {
    Files.writeString(folder.resolve("two"), "0123456789abcdef\nfedcba9876543210\n");
    assertSays(
        "auth: { bearer_token_files: [ two ] }\n",
        "belay.yml:1:31: a bearer token's file: the file \"two\" has several lines, and a token is"
            + " one; write each into a file of its own");
  }

  @Test
  void whatSlackWouldNotKnowIsWarnedOf() throws IOException {
    String channel =
        " is no id of a Slack channel; write the one at the end of the channel's details, such as"
            + " C0123456789";
    assertSays(
        """
        slack: { token: not-a-token, channel: "#general" }
        channels: { leads: { slack: { channel: leads } } }
        """,
        "belay.yml:1:10: warning: Slack will not know this token; give the app's bot token, which"
            + " begins with xoxb-",
        "belay.yml:1:30: warning: \"#general\"" + channel,
        "belay.yml:2:31: warning: \"leads\"" + channel);
  }

  @Test
  void aUserWhoIsWrittenTwiceIsAnErrorThatShowsNoPassword() throws IOException {
    assertSays(
        """
        auth:
          basic:
            - { username: a, password: the first password }
            - { username: b, password: the second password }
            - { username: a, password: the third password }
        """,
        "belay.yml:5:9: the user \"a\" is already in line 3; keep one of them");
  }

  @Test
  void anEscalationThatTellsNobodyAtOnceOrWhomThereIsNotIsAnError() throws IOException {
    Configured nobody = load("escalation: [ { after: 10m, tell: [ terminal ] } ]", Map.of());
    assertEquals(
        List.of("nobody is told at once; leave one channel out, or give it a step with after: 0s"),
        nobody.problems().stream().map(Problem::sentence).toList());
    Configured unknown = load("escalation: [ { after: 10m, tell: [ pager ] } ]", Map.of());
    assertEquals(
        List.of("no channel \"pager\" is configured; those that are: terminal"),
        unknown.problems().stream().map(Problem::sentence).toList());
  }

  @Test
  void whatTheFurtherChannelsCouldNotUseIsAnErrorAtItsPlace() throws IOException {
    Configured wrong =
        load(
            """
            pagerduty: { routing_key: hush }
            outgoing_webhook: { url: "ftp://x", secrets: [ hush ] }
            mail: { host: smtp, security: ssl, from: "Ann <a@b>", to: [ "a@b, c@d" ], password: hush }
            """,
            Map.of());
    List<String> said = wrong.problems().stream().map(Problem::sentence).toList();
    assertEquals(6, said.size(), said.toString());
    assertTrue(said.stream().noneMatch(each -> each.contains("hush")), said.toString());
    assertTrue(said.getFirst().startsWith("the routing key must be"), said.toString());
    Configured open =
        load(
            """
            mail: { host: smtp, security: none, username: u, password: hush, from: a@b, to: [ c@d ] }
            """,
            Map.of());
    assertTrue(
        open.problems().getFirst().sentence().startsWith("a password would travel in the open"),
        open.problems().toString());
  }

  @Test
  void aNamedChannelIsOfOneKindAndItsNameMeansNothingElse() throws IOException {
    assertSays(
        """
        channels:
          lead: { mail: { to: [ a@b ] } }
          mail: { mail: { to: [ a@b ] } }
          The-Boss: { mail: { to: [ a@b ] } }
          manager: { mail: { to: [ a@b ] }, pagerduty: { routing_key: hush } }
          nobody: {}
          leads: { slack: { channel: C1 } }
        """,
        "belay.yml:2:17: the key \"host\" is missing; write the name of the mail server",
        "belay.yml:2:17: the key \"from\" is missing; write the address that mail comes from",
        "belay.yml:3:3: the name \"mail\" means another channel; choose one of your own",
        "belay.yml:4:3: \"The-Boss\" is no name for a channel; write at most 20 of a-z, 0-9 and _,"
            + " a letter first, such as lead",
        "belay.yml:5:12: the channel \"manager\" must be just one of pagerduty, outgoing_webhook,"
            + " mail, slack, not pagerduty and mail",
        "belay.yml:6:11: the channel \"nobody\" must be just one of pagerduty, outgoing_webhook,"
            + " mail, slack",
        "belay.yml:7:19: there is no \"slack\" with the token of an app; add it");
    assertSays(
        """
        mail: { host: smtp, from: b@c, to: [ a@b ] }
        channels: { lead: { mail: { to: [ l@b ], port: 25 } } }
        """,
        "belay.yml:2:42: without \"host\" the server is that of \"mail\", and \"port\" is too;"
            + " write host as well, or leave it out");
  }

  @Test
  void nobodyMayAnswerInSlackWhoIsNotNamed() throws IOException {
    String slack = "slack: { token: xoxb-1, channel: C1, app_token: xapp-1%s }";
    Configured some =
        load(slack.formatted(", allow: { approve: [ U1 ], veto: [ everyone ] }"), Map.of());
    assertEquals(List.of(), some.problems());
    SlackIntake intake = some.config().slack().orElseThrow().intake().orElseThrow();
    assertEquals(new Allowed(false, Set.of("U1")), intake.allowed().get(Answer.APPROVE));
    assertEquals(new Allowed(true, Set.of()), intake.allowed().get(Answer.VETO));
    assertEquals(Allowed.NOBODY, intake.allowed().get(Answer.HOLD));
    assertEquals(
        Set.of(Answer.APPROVE, Answer.VETO), some.config().slack().orElseThrow().buttons());
    assertFalse(intake.toString().contains("xapp-1"));

    Configured nobody = load(slack.formatted(""), Map.of());
    assertTrue(nobody.usable());
    assertEquals(Set.of(), nobody.config().slack().orElseThrow().buttons());
    assertTrue(
        nobody.problems().getFirst().sentence().startsWith("nobody may answer in Slack"),
        nobody.problems().toString());

    Configured wrong =
        load(
            "slack: { token: xoxb-1, channel: C1, app_token: xoxb-1, allow: { veto: [ \"@ann\" ] }"
                + " }",
            Map.of());
    assertEquals(
        List.of(
            "this is no app-level token; give the one that begins with xapp-, with the scope"
                + " connections:write",
            "who may veto: \"@ann\" is no id of a Slack user; write the member ID of the profile,"
                + " such as U0123ABCD, or everyone"),
        wrong.problems().stream().map(Problem::sentence).toList());
    Configured deaf =
        load("slack: { token: xoxb-1, channel: C1, allow: { veto: [ everyone ] } }", Map.of());
    assertTrue(
        deaf.problems().getFirst().sentence().startsWith("nobody can answer in Slack"),
        deaf.problems().toString());
    assertEquals(Set.of(), deaf.config().slack().orElseThrow().buttons());
  }

  @Test
  void whatSlackCouldNotUseIsAnErrorAtItsPlace() throws IOException {
    Files.writeString(folder.resolve("token"), "two words");
    assertSays(
        """
        slack: { token: "xoxb 1", channel: C1, api_url: "http://slack.example/api/" }
        """,
        "belay.yml:1:10: the Slack token holds a character that no token has: give the app's bot"
            + " token alone, which begins with xoxb-",
        "belay.yml:1:49: \"api_url\": the Slack endpoint must begin with https://, because the"
            + " token travels along");
    assertSays(
        """
        slack: { token_file: token, channel: C1, api_url: "https://slack.example/api?x=1" }
        """,
        "belay.yml:1:10: the Slack token holds a character that no token has: give the app's bot"
            + " token alone, which begins with xoxb-",
        "belay.yml:1:51: \"api_url\": the Slack endpoint must be an address like"
            + " https://slack.com/api/, without user, ? or #");
  }

  @Test
  void aPortThatIsNoneIsNotTakenForABadAddress() throws IOException {
    assertSays(
        "listen: 127.0.0.1:99999\n",
        "belay.yml:1:9: \"listen\": \"127.0.0.1:99999\" has no such port; they go from 0 (any free"
            + " one) to 65535");
  }

  @Test
  void anOpenAddressWithoutAuthIsAWarning() throws IOException {
    Configured configured = load("listen: :9096\n");
    assertTrue(configured.usable());
    assertTrue(
        configured
            .problems()
            .getFirst()
            .toString()
            .contains("belay.yml:1:1: warning: without \"auth\" Belay listens on 127.0.0.1"));
    assertEquals(
        List.of(),
        load("listen: :9096\nauth: { bearer_tokens: [ of16characters-x ] }\n").problems());
  }

  @Test
  void aKubeconfigThatIsNotThereIsSaidUnlessNoClusterIsLookedAt() throws IOException {
    assertSays(
        "cluster: { kubeconfig: kc }\n",
        "belay.yml:1:12: there is no file \"kc\"; check the path");
    assertSays("cluster: { enabled: false, kubeconfig: kc }\n");
    Files.writeString(folder.resolve("kc"), "{}");
    assertSays("cluster: { kubeconfig: kc }\n");
  }

  @Test
  void aMissingFileIsAProblem() {
    Configured configured = ConfigLoader.load(folder.resolve("absent.yml"), Map.of());
    assertFalse(configured.usable());
    assertTrue(configured.problems().getFirst().sentence().startsWith("no such file"));
  }
}
