package io.konnectproxy.server.differential;

import java.util.random.RandomGenerator;

/** A named change of one thing in a sketch that was well-formed, or was until the mutation before. */
interface Mutation<S> {
    void change(S sketch, RandomGenerator random);

    String name();

    Effect effect();

    /** What becomes of a well-formed sketch. */
    enum Effect {
        /** It is malformed, whatever was drawn: ours must not accept it, even where the other reader does. */
        BREAKS,
        MAY_BREAK
    }

    /** What it does, without its name. */
    interface Change<S> {
        void change(S sketch, RandomGenerator random);
    }
}
