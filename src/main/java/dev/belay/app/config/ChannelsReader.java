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
import java.util.function.Supplier;

/** Reads {@code pagerduty}, {@code outgoing_webhook} and {@code mail}. */
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
    return new Channels(
        top.fields("pagerduty", PAGER_DUTY).flatMap(this::pagerDuty),
        top.fields("outgoing_webhook", WEBHOOK).flatMap(this::webhook),
        top.fields("mail", MAIL).flatMap(this::mail));
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
    fields.require("to", "write the addresses that mail goes to");
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
    List<String> to = new ArrayList<>();
    for (Yaml item : fields.items("to")) {
      Fields.read(item, "an address", problems, ChannelsReader::address).ifPresent(to::add);
    }
    Optional<Path> certificates = fields.read("ca_file", text -> Addresses.path(folder, text));
    if (host.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    return made(
        fields,
        () -> new MailSettings(host.get(), port, security, login, from.get(), to, certificates));
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
