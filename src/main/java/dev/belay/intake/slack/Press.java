package dev.belay.intake.slack;

import dev.belay.core.incident.Answer;
import dev.belay.core.incident.AnswerSlip;
import java.util.Optional;

/**
 * Somebody pressed a button.
 *
 * @param answer which
 * @param about what the button stood for
 * @param user Slack's id of who pressed
 * @param person the same for people, with the name that the user goes by; harmless, on one line
 * @param responseUrl where Slack takes a word for who pressed, and only for them
 */
record Press(
    Answer answer, AnswerSlip about, String user, String person, Optional<String> responseUrl) {}
