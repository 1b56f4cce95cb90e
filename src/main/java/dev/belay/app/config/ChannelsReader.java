package dev.belay.app.config;

import dev.belay.notify.MailSettings;
import dev.belay.notify.PagerDutySettings;
import dev.belay.notify.WebhookSettings;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads {@code pagerduty}, {@code outgoing_webhook} and {@code mail}, and those under {@code
 * channels} that have a name of their own.
 */
final class ChannelsReader {
  private static final List<String> PAGER_DUTY =
      List.of("routing_key", "routing_key_file", "url", "source");
  private static final List<String> WEBHOOK = List.of("url", "secrets", "secret_files");
  private static final List<String> MAIL =
      List.of(
          "host",
          "port",
          "security",
          "username",
          "password",
          "password_file",
          "from",
          "to",
          "ca_file");
  private static final List<String> SLACK = List.of("channel");
  private static final List<String> KINDS =
      List.of("pagerduty", "outgoing_webhook", "mail", "slack");

  /** Names that mean a channel already, whether it is configured or not. */
  private static final Set<String> TAKEN =
      Set.of("slack", "terminal", "pagerduty", "webhook", "mail", "kafka");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,19}");
  private static final int MOST_NAMED = 20;
  private static final List<String> SECURITY = List.of("starttls", "tls", "none");
  private static final int MOST_PORT = 65_535;

  private final Path folder;
  private final Problems problems;
  private final Secrets secrets;

  ChannelsReader(Path folder, Problems problems, Secrets secrets) {
    this.folder = folder;
    this.problems = problems;
    this.secrets = secrets;
  }

  Channels read(Fields top) {
    List<Channel> all = new ArrayList<>();
    Optional<MailSettings> mail = top.fields("mail", MAIL).flatMap(this::mail);
    top.fields("pagerduty", PAGER_DUTY)
        .flatMap(this::pagerDuty)
        .ifPresent(it -> all.add(new Channel.PagerDuty("pagerduty", it)));
    top.fields("outgoing_webhook", WEBHOOK)
        .flatMap(this::webhook)
        .ifPresent(it -> all.add(new Channel.Webhook("webhook", it)));
    mail.ifPresent(it -> all.add(new Channel.Mail("mail", it)));
    List<Yaml.Entry> named = top.entries("channels");
    if (named.size() > MOST_NAMED) {
      problems.error(top.at("channels"), "there are more than " + MOST_NAMED + " channels");
    }
    for (Yaml.Entry entry : named) {
      if (allowed(entry)) {
        Fields.of(entry.value(), "a channel", problems, KINDS)
            .flatMap(fields -> named(entry.key(), fields, mail, top.has("slack")))
            .ifPresent(all::add);
      }
    }
    return new Channels(all);
  }

  private boolean allowed(Yaml.Entry entry) {
    if (TAKEN.contains(entry.key())) {
      problems.error(
          entry.at(),
          "the name " + Quoted.of(entry.key()) + " means another channel; choose one of your own");
      return false;
    }
    if (!NAME.matcher(entry.key()).matches()) {
      problems.error(
          entry.at(),
          Quoted.of(entry.key())
              + " is no name for a channel; write at most 20 of a-z, 0-9 and _, a letter first,"
              + " such as lead");
      return false;
    }
    return true;
  }

  private Optional<Channel> named(
      String name, Fields fields, Optional<MailSettings> mail, boolean slack) {
    List<String> kinds = KINDS.stream().filter(fields::has).toList();
    if (kinds.size() != 1) {
      problems.error(
          fields.at(),
          "the channel "
              + Quoted.of(name)
              + " must be just one of "
              + String.join(", ", KINDS)
              + (kinds.isEmpty() ? "" : ", not " + String.join(" and ", kinds)));
      return Optional.empty();
    }
    return switch (kinds.getFirst()) {
      case "pagerduty" ->
          fields
              .fields("pagerduty", PAGER_DUTY)
              .flatMap(this::pagerDuty)
              .map(it -> new Channel.PagerDuty(name, it));
      case "outgoing_webhook" ->
          fields
              .fields("outgoing_webhook", WEBHOOK)
              .flatMap(this::webhook)
              .map(it -> new Channel.Webhook(name, it));
      case "mail" ->
          fields
              .fields("mail", MAIL)
              .flatMap(it -> mail.isPresent() && !it.has("host") ? to(it, mail.get()) : mail(it))
              .map(it -> new Channel.Mail(name, it));
      default ->
          fields
              .fields("slack", SLACK)
              .flatMap(it -> slack(it, slack))
              .map(it -> new Channel.Slack(name, it));
    };
  }

  /** Other addresses by the same server, which is written once. */
  private Optional<MailSettings> to(Fields fields, MailSettings same) {
    for (String key : MAIL) {
      if (!key.equals("to") && fields.has(key)) {
        problems.error(
            fields.at(key),
            "without \"host\" the server is that of \"mail\", and \""
                + key
                + "\" is too; write host as well, or leave it out");
        return Optional.empty();
      }
    }
    List<String> to = addresses(fields);
    return to.isEmpty() ? Optional.empty() : made(fields, () -> same.withTo(to));
  }

  private Optional<String> slack(Fields fields, boolean configured) {
    if (!configured) {
      problems.error(fields.at(), "there is no \"slack\" with the token of an app; add it");
      return Optional.empty();
    }
    fields.require("channel", "write its id, such as C0123456789");
    return SlackReader.channel(fields, problems).filter(text -> !text.isBlank());
  }

  private Optional<PagerDutySettings> pagerDuty(Fields fields) {
    Optional<Secret> key = secrets.one(fields, "routing_key", "routing_key_file");
    URI url = fields.read("url", Addresses::web).orElse(PagerDutySettings.PAGER_DUTY);
    String source = fields.text("source").orElse("belay");
    return key.flatMap(
        it -> made(fields, () -> new PagerDutySettings(url, it.reveal().strip(), source)));
  }

  private Optional<WebhookSettings> webhook(Fields fields) {
    fields.require("url", "write where notices are posted to");
    Optional<URI> url = fields.read("url", Addresses::web);
    List<String> signing =
        secrets.several(fields, "secrets", "secret_files", "a secret").stream()
            .map(Secret::reveal)
            .toList();
    return url.flatMap(it -> made(fields, () -> new WebhookSettings(it, signing)));
  }

  private Optional<MailSettings> mail(Fields fields) {
    fields.require("host", "write the name of the mail server");
    fields.require("from", "write the address that mail comes from");
    Optional<String> host = fields.read("host", Addresses::host);
    MailSettings.Security security =
        fields.read("security", ChannelsReader::security).orElse(MailSettings.Security.STARTTLS);
    int port = fields.whole("port", 1, MOST_PORT).orElse(MailSettings.SUBMISSION);
    Optional<String> username = fields.text("username");
    Optional<Secret> password =
        username.isPresent()
            ? secrets.one(fields, "password", "password_file")
            : secrets.optional(fields, "password", "password_file");
    if (username.isEmpty() && password.isPresent()) {
      problems.error(fields.at(), "there is a password and no \"username\"; write both or neither");
    }
    Optional<MailSettings.Login> login =
        username.flatMap(name -> password.map(it -> new MailSettings.Login(name, it.reveal())));
    Optional<String> from = fields.read("from", ChannelsReader::address);
    List<String> to = addresses(fields);
    Optional<Path> certificates = fields.read("ca_file", text -> Addresses.path(folder, text));
    if (host.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    return made(
        fields,
        () -> new MailSettings(host.get(), port, security, login, from.get(), to, certificates));
  }

  private List<String> addresses(Fields fields) {
    fields.require("to", "write the addresses that mail goes to");
    List<String> to = new ArrayList<>();
    for (Yaml item : fields.items("to")) {
      Fields.read(item, "an address", problems, ChannelsReader::address).ifPresent(to::add);
    }
    return to;
  }

  private static MailSettings.Security security(String text) throws Unreadable {
    if (!SECURITY.contains(text)) {
      throw new Unreadable(
          Quoted.of(text) + " is no way to keep mail secret" + Nearest.hint(text, SECURITY));
    }
    return MailSettings.Security.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String address(String text) throws Unreadable {
    if (!MailSettings.isAddress(text)) {
      throw new Unreadable(
          Quoted.of(text) + " is no address; write it without a name, such as ann@example.com");
    }
    return text;
  }

  private <T> Optional<T> made(Fields fields, Supplier<T> settings) {
    try {
      return Optional.of(settings.get());
    } catch (IllegalArgumentException e) {
      problems.error(fields.at(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
