package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;

/**
 * One series of an answer.
 *
 * @param labels its labels, the name of its metric among them
 * @param value its value; NaN and the infinities are values
 */
record Sample(Labels labels, double value) {}
