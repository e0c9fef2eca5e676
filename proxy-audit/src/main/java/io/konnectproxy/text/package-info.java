/**
 * How the program reads the text files that people and their tools write; start at {@link io.konnectproxy.text.TextDecoding}. Knows
 * no file's meaning and no other package.
 */
@NullMarked
package io.konnectproxy.text;

import org.jspecify.annotations.NullMarked;
