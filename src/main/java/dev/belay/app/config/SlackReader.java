package dev.belay.app.config;

import dev.belay.app.config.BelayConfig.Slack;
import dev.belay.core.incident.Answer;
import dev.belay.intake.slack.Allowed;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code slack}: where people are told, and how they answer. */
final class SlackReader {
  static final List<String> KEYS =
      List.of(
          "token",
          "token_file",
          "channel",
          "api_url",
          "app_token",
          "app_token_file",
          "signing_secrets",
          "signing_secret_files",
          "allow");

  private static final Pattern WORD = Pattern.compile("xapp-[!-~]+");
  private static final List<String> ALLOW =
      Arrays.stream(Answer.values()).map(Answer::word).toList();
  private static final String EVERYONE = "everyone";
  private static final Pattern USER = Pattern.compile("[UW][A-Z0-9]{1,31}");
  private static final Pattern CHANNEL = Pattern.compile("[CGD][A-Z0-9]{1,31}");
  private static final String APP_TOKEN = "xapp-";

  private final Problems problems;
  private final Secrets secrets;

  SlackReader(Problems problems, Secrets secrets) {
    this.problems = problems;
    this.secrets = secrets;
  }

  Optional<Slack> read(Fields slack) {
    slack.require("channel", "write the id of the channel in which people are told");
    Optional<Secret> token = secrets.slackToken(slack);
    Optional<String> channel = channel(slack, problems);
    Optional<String> apiUrl = slack.read("api_url", Addresses::slackApi);
    Optional<Secret> appToken = appToken(slack);
    List<Secret> signing =
        secrets.signing(slack, "signing_secrets", "signing_secret_files", "a signing secret");
    int before = problems.errors();
    Map<Answer, Allowed> allowed = slack.fields("allow", ALLOW).map(this::allowed).orElse(Map.of());
    if (before == problems.errors()) {
      warn(slack, allowed);
    }
    return token.flatMap(
        it -> channel.map(name -> new Slack(it, name, apiUrl, appToken, signing, allowed)));
  }

  /** Where people are told; Slack takes some names too, but only for what is said first. */
  static Optional<String> channel(Fields fields, Problems problems) {
    Optional<String> channel = fields.text("channel");
    channel
        .filter(it -> !it.isBlank() && !CHANNEL.matcher(it).matches())
        .ifPresent(
            it ->
                problems.warning(
                    fields.at("channel"),
                    Quoted.of(it)
                        + " is no id of a Slack channel; write the one at the end of the channel's"
                        + " details, such as C0123456789"));
    return channel;
  }

  private Optional<Secret> appToken(Fields slack) {
    Optional<Secret> token = secrets.optional(slack, "app_token", "app_token_file");
    if (token.isPresent() && !WORD.matcher(token.get().reveal().strip()).matches()) {
      problems.error(
          slack.at("app_token", "app_token_file"),
          "this is no app-level token; give the one that begins with "
              + APP_TOKEN
              + ", with the scope connections:write");
      return Optional.empty();
    }
    return token.map(it -> new Secret(it.reveal().strip()));
  }

  private void warn(Fields slack, Map<Answer, Allowed> allowed) {
    boolean listens =
        KEYS.subList(KEYS.indexOf("app_token"), KEYS.indexOf("allow")).stream()
            .anyMatch(slack::has);
    boolean somebody = allowed.values().stream().anyMatch(who -> !who.nobody());
    if (slack.has("allow") && !listens) {
      problems.warning(
          slack.at("allow"),
          "nobody can answer in Slack, as there is no way in; write \"app_token\", or"
              + " \"signing_secrets\"");
    } else if (listens && !somebody) {
      problems.warning(
          slack.at(),
          "nobody may answer in Slack, so there are no buttons; name people under \"allow\"");
    }
  }

  private Map<Answer, Allowed> allowed(Fields allow) {
    Map<Answer, Allowed> allowed = new EnumMap<>(Answer.class);
    for (Answer answer : Answer.values()) {
      Set<String> users = new HashSet<>();
      for (Yaml item : allow.items(answer.word())) {
        Fields.read(item, "who may " + answer.word(), problems, SlackReader::who)
            .ifPresent(users::add);
      }
      boolean everyone = users.remove(EVERYONE);
      allowed.put(answer, new Allowed(everyone, users));
    }
    return Map.copyOf(allowed);
  }

  private static String who(String text) throws Unreadable {
    if (!text.equals(EVERYONE) && !USER.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text)
              + " is no id of a Slack user; write the member ID of the profile, such as U0123ABCD,"
              + " or "
              + EVERYONE);
    }
    return text;
  }
}
