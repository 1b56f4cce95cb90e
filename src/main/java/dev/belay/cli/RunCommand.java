package dev.belay.cli;

import dev.belay.app.Daemon;
import dev.belay.app.Parts;
import dev.belay.app.StartFailed;
import dev.belay.app.config.BelayConfig;
import dev.belay.app.config.Channel;
import dev.belay.app.config.Secret;
import dev.belay.core.engine.Sentences;
import dev.belay.core.rule.RuleSet;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.http.Credentials;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.journal.SqliteJournal;
import dev.belay.notify.MailNotifier;
import dev.belay.notify.PagerDutyNotifier;
import dev.belay.notify.SlackNotifier;
import dev.belay.notify.SlackSettings;
import dev.belay.notify.SlackToken;
import dev.belay.notify.TerminalNotifier;
import dev.belay.notify.WebhookNotifier;
import dev.belay.notify.kafka.KafkaNotifier;
import dev.belay.port.Journal;
import dev.belay.port.JournalFailed;
import dev.belay.port.Notifier;
import dev.belay.rules.Loaded;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay run}: the daemon, for real. */
@Command(
    name = "run",
    description = "Runs the daemon until it is told to stop (SIGTERM).",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped as it was told",
      "1:it could not start, or could not go on; the last line says why",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the configuration file (default: ${DEFAULT-VALUE})")
  private Path config = Path.of("config/belay.yml");

  @Override
  public Integer call() throws InterruptedException {
    return daemon(
        config, KubernetesAccess::open, UnaryOperator.identity(), spec.commandLine().getErr());
  }

  /**
   * The daemon, from its start to its end.
   *
   * @param cluster opens what is acted on
   * @param amid puts it into its surroundings
   * @return the exit status
   */
  static int daemon(
      Path config,
      Function<BelayConfig, KubernetesAccess> cluster,
      UnaryOperator<Parts> amid,
      PrintWriter err)
      throws InterruptedException {
    Setup.Reading read = Setup.read(config);
    read.problems().forEach(err::println);
    if (read.setup().isEmpty()) {
      return 1;
    }
    Setup setup = read.setup().get();
    // Read by logback.xml when the first logger is made.
    System.setProperty(
        "BELAY_LOG_FORMAT", setup.settings().logFormat().name().toLowerCase(Locale.ROOT));
    Wishes wishes = new Wishes(config, setup.rules().shortDigest(), InstantSource.system());
    Ending ending = new Ending();
    // Before the journal says that it started: who is told to stop meanwhile does not crash.
    Signals.onStop(
        () -> {
          wishes.stop();
          ending.haltUnlessDone();
        });
    Signals.onReload(() -> wishes.reload(Wishes.BY_SIGNAL));
    try {
      return run(setup, cluster, amid, wishes, ending, err);
    } finally {
      ending.done();
    }
  }

  /** One daemon after another, each with what was written when it began. */
  private static int run(
      Setup first,
      Function<BelayConfig, KubernetesAccess> cluster,
      UnaryOperator<Parts> amid,
      Wishes wishes,
      Ending ending,
      PrintWriter err)
      throws InterruptedException {
    Setup setup = first;
    Optional<Setup> before = Optional.empty();
    String asker = "";
    while (true) {
      ending.within(setup.settings());
      try {
        Setup now = setup;
        Wishes.Wish wish =
            one(now, () -> cluster.apply(now.settings()), amid, wishes, before.isPresent(), err);
        if (!(wish instanceof Wishes.Wish.TakeOver(Setup next, String person))) {
          return 0;
        }
        if (wishes.stopping()) {
          return 0;
        }
        before = Optional.of(setup);
        setup = next;
        asker = person;
      } catch (JournalFailed | StartFailed e) {
        if (before.isEmpty()) {
          err.println("belay: " + e.getMessage());
          return 1;
        }
        wishes.failed(asker, String.valueOf(e.getMessage()));
        setup = before.get();
        before = Optional.empty();
      }
    }
  }

  /**
   * One daemon, until something is wished that it cannot do itself.
   *
   * @param taken whether it takes over what was read last
   */
  private static Wishes.Wish one(
      Setup setup,
      Supplier<KubernetesAccess> cluster,
      UnaryOperator<Parts> amid,
      Wishes wishes,
      boolean taken,
      PrintWriter err)
      throws InterruptedException {
    BelayConfig settings = setup.settings();
    String host = host(settings, err);
    try (Opening access = Opening.of(cluster);
        Daemon daemon = start(() -> amid.apply(parts(setup, host, access, wishes)))) {
      err.printf(
          "belay %s listens on http://%s:%d, mode %s, %s, rules %s%n",
          Version.text(),
          host,
          daemon.port(),
          Sentences.mode(settings.settings().mode()),
          CheckCommand.services(setup.rules().rules()),
          setup.rules().shortDigest());
      err.flush();
      if (taken) {
        wishes.taken();
      }
      wishes.recordedBy(daemon.inbox(), setup);
      daemon
          .death()
          .thenAccept(
              cause -> {
                err.println("belay: cannot go on: " + Cause.of(cause));
                // What is in memory is ahead of what can be kept: nothing may be drained, nothing
                // answered.
                Runtime.getRuntime().halt(1);
              });
      Wishes.Wish wish = wishes.next();
      switch (wish) {
        case Wishes.Wish.Stop _ -> {
          err.println("belay: stopping");
          daemon.unready();
          Thread.sleep(settings.shutdownDelay());
        }
        case Wishes.Wish.TakeOver _ -> {
          wishes.handedOver();
          err.println("belay: taking over what was written");
        }
      }
      return wish;
    }
  }

  /** Whatever keeps it from starting is said in one way. */
  private static Daemon start(Supplier<Parts> parts) {
    try {
      return Daemon.start(parts.get());
    } catch (JournalFailed | StartFailed e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StartFailed("cannot start: " + Cause.of(e), e);
    }
  }

  /** Without anybody to authenticate, only this machine may reach the daemon. */
  private static String host(BelayConfig settings, PrintWriter err) {
    if (settings.auth().isOpen() && !settings.listen().isLocal()) {
      // That is said already, with its place in the configuration.
      return "127.0.0.1";
    }
    if (settings.auth().isOpen()) {
      err.println("belay: no authentication is configured; it listens on this machine only");
    }
    return settings.listen().host();
  }

  private static Parts parts(Setup setup, String host, Opening access, Wishes wishes) {
    BelayConfig settings = setup.settings();
    Loaded loaded = setup.rules();
    IntakeLimits standard = IntakeLimits.standard();
    // Whatever can fail comes before the journal, which is nobody's to close until a daemon has it.
    KubernetesAccess cluster = access.get();
    List<Notifier> notifiers = notifiers(settings, loaded.rules());
    return new Parts(
        Version.text(),
        loaded.rules(),
        loaded.shortDigest(),
        // The rest is for what waits, what is being written, and everything else.
        settings.settings().withAlertRoom(Runtime.getRuntime().maxMemory() / 4),
        journal(settings, notifiers),
        host,
        settings.listen().port(),
        authentication(settings),
        new IntakeLimits(
            settings.intake().bodyLimitBytes(),
            standard.alerts(),
            standard.labels(),
            standard.nameLength(),
            standard.valueLength(),
            settings.intake().webhookStaleAfter(),
            settings.intake().alertResolveTimeout()),
        settings.kafka(),
        settings.prometheus(),
        cluster.cluster(),
        cluster.baselines(),
        Optional.empty(),
        notifiers,
        settings.slack().flatMap(BelayConfig.Slack::intake),
        settings.cluster().poll(),
        settings.prometheus().map(PrometheusSettings::interval).orElse(PrometheusSettings.INTERVAL),
        InstantSource.system(),
        List.of(),
        _ -> {},
        Optional.of(wishes));
  }

  private static Journal journal(BelayConfig settings, List<Notifier> notifiers) {
    try {
      return SqliteJournal.open(settings.journal(), settings.retention());
    } catch (JournalFailed e) {
      notifiers.forEach(Notifier::close);
      throw e;
    }
  }

  private static Authentication authentication(BelayConfig settings) {
    return credentials(settings)
        .signing(
            settings.signatures().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        secrets -> secrets.getValue().stream().map(Secret::reveal).toList())));
  }

  private static Authentication credentials(BelayConfig settings) {
    BelayConfig.Auth auth = settings.auth();
    if (auth.isOpen()) {
      return Authentication.none(settings.hosts());
    }
    return Authentication.of(
        new Credentials(
            auth.bearerTokens().stream()
                .map(token -> new Credentials.Token(token.secret().reveal(), token.role()))
                .toList(),
            auth.basic().stream()
                .map(
                    user ->
                        new Credentials.User(
                            user.username(), user.password().reveal(), user.role()))
                .toList(),
            auth.proxy()),
        settings.hosts());
  }

  /** All of them, or none. */
  private static List<Notifier> notifiers(BelayConfig settings, RuleSet rules) {
    List<Notifier> open = new ArrayList<>();
    try {
      open.add(notifier(settings));
      settings.channels().all().forEach(channel -> open.add(notifier(channel, settings)));
      settings
          .kafka()
          .ifPresent(
              kafka ->
                  kafka
                      .publish()
                      .ifPresent(
                          topic -> open.add(KafkaNotifier.open(kafka.producer(), topic, rules))));
      return List.copyOf(open);
    } catch (RuntimeException e) {
      open.forEach(Notifier::close);
      throw e;
    }
  }

  private static Notifier notifier(BelayConfig settings) {
    if (settings.slack().isEmpty()) {
      return new TerminalNotifier(System.out, false);
    }
    BelayConfig.Slack slack = settings.slack().get();
    return new SlackNotifier(slack(slack, slack.channel()));
  }

  private static Notifier notifier(Channel channel, BelayConfig settings) {
    return switch (channel) {
      case Channel.PagerDuty(var name, var it) -> new PagerDutyNotifier(name, it);
      case Channel.Webhook(var name, var it) ->
          new WebhookNotifier(name, it, InstantSource.system());
      case Channel.Mail(var name, var it) -> new MailNotifier(name, it);
      case Channel.Slack(var name, var id) ->
          new SlackNotifier(name, slack(settings.slack().orElseThrow(), id));
    };
  }

  private static SlackSettings slack(BelayConfig.Slack slack, String channel) {
    return SlackSettings.of(new SlackToken(slack.token().reveal().toCharArray()), channel)
        .withEndpoint(slack.api())
        .withButtons(slack.buttons());
  }
}
