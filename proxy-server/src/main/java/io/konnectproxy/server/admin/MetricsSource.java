package io.konnectproxy.server.admin;

/** Renders all metrics as they are now. Called on a thread of its own, one call at a time. */
@FunctionalInterface
public interface MetricsSource {
    /** The whole document, in UTF-8. */
    byte[] render(ExpositionFormat format);
}
