package dev.belay.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * One entry of a script.
 *
 * @param at how long after the beginning
 * @param says what happens, for those who watch
 * @param deeds what is done then, in order
 */
public record Scene(Duration at, String says, List<Deed> deeds) {}
