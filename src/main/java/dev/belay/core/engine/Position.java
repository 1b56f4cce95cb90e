package dev.belay.core.engine;

/**
 * How far an input was read: everything up to the record at the offset, included, had its effect.
 *
 * @param input names something whose records come in one order and are numbered in it, such as one
 *     partition of a topic; another of the same name would be a lie, so it is named by what is
 *     never used again
 * @param offset a record's number, from 0; they grow, with gaps
 */
public record Position(String input, long offset) {}
