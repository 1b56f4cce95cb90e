package dev.belay.notify;

import com.slack.api.model.block.Blocks;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.composition.ConfirmationDialogObject;
import com.slack.api.model.block.composition.PlainTextObject;
import com.slack.api.model.block.element.BlockElement;
import com.slack.api.model.block.element.ButtonElement;
import dev.belay.core.incident.Answer;
import dev.belay.core.incident.AnswerSlip;
import dev.belay.core.incident.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The buttons beneath an incident's message: a button's {@code action_id} is the answer's word, its
 * value the {@link AnswerSlip}. What touches more than the incident, or sets something going, asks
 * once more.
 */
final class SlackButtons {
  private SlackButtons() {}

  /** The block; empty where nothing can be answered. */
  static Optional<LayoutBlock> of(Notice notice, Set<Answer> buttons) {
    if (notice.offer().isEmpty()) {
      return Optional.empty();
    }
    Optional<Notice.Asked> asked = notice.offer().get().asked();
    String value =
        new AnswerSlip(
                notice.incident(), asked.map(it -> new AnswerSlip.Asked(it.action(), it.plan())))
            .line();
    if (AnswerSlip.parse(value).isEmpty()) {
      // A press of it could not be read.
      return Optional.empty();
    }
    List<BlockElement> elements = new ArrayList<>();
    for (Answer answer : Answer.values()) {
      boolean applies =
          switch (answer) {
            case APPROVE, VETO -> asked.isPresent();
            case ACKNOWLEDGE -> notice.kind() == Notice.Kind.PAGE;
            case SNOOZE, HOLD -> true;
          };
      if (applies && buttons.contains(answer)) {
        elements.add(button(answer, asked.map(Notice.Asked::kind).orElse(""), value));
      }
    }
    return elements.isEmpty()
        ? Optional.empty()
        : Optional.of(Blocks.actions(actions -> actions.elements(List.copyOf(elements))));
  }

  private static ButtonElement button(Answer answer, String kind, String value) {
    String doIt = kind.equals("rollback") ? "Roll back now" : "Approve";
    ButtonElement.ButtonElementBuilder button =
        ButtonElement.builder().actionId(answer.word()).value(value);
    return switch (answer) {
      case APPROVE ->
          button
              .text(plain(doIt))
              .style("primary")
              .confirm(
                  confirm(
                      doIt + "?",
                      "Belay asks the cluster once more, and does it at once.",
                      doIt,
                      "Not yet"))
              .build();
      case VETO -> button.text(plain("Veto")).style("danger").build();
      case ACKNOWLEDGE -> button.text(plain("I'm on it")).build();
      case SNOOZE -> button.text(plain("Snooze 30m")).build();
      case HOLD ->
          button
              .text(plain("Hold everything"))
              .confirm(
                  confirm(
                      "Hold everything?",
                      "Belay does nothing for any service until somebody releases the hold.",
                      "Hold",
                      "Go on"))
              .build();
    };
  }

  private static ConfirmationDialogObject confirm(
      String title, String text, String yes, String no) {
    return ConfirmationDialogObject.builder()
        .title(plain(title))
        .text(plain(text))
        .confirm(plain(yes))
        .deny(plain(no))
        .build();
  }

  private static PlainTextObject plain(String text) {
    return PlainTextObject.builder().text(text).emoji(false).build();
  }
}
