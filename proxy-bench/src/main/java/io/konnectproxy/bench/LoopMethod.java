package io.konnectproxy.bench;

/** How the tunnels of the {@link ClosedLoop} look: the method itself, and others that differ from it in one thing each. */
enum LoopMethod {
    PLAIN(Figure.METHOD_LOOP, 32, Hello.JDK, Answer.SERVER_HELLO, Ending.CLIENT_CLOSES),
    ONE_CLIENT(Figure.METHOD_CLIENTS_1, 1, Hello.JDK, Answer.SERVER_HELLO, Ending.CLIENT_CLOSES),
    CLIENTS_8(Figure.METHOD_CLIENTS_8, 8, Hello.JDK, Answer.SERVER_HELLO, Ending.CLIENT_CLOSES),
    CLIENTS_64(Figure.METHOD_CLIENTS_64, 64, Hello.JDK, Answer.SERVER_HELLO, Ending.CLIENT_CLOSES),
    LONG_HELLO(Figure.METHOD_LONG_HELLO, 32, Hello.POST_QUANTUM, Answer.SERVER_HELLO, Ending.CLIENT_CLOSES),
    BYTE_ANSWER(Figure.METHOD_BYTE, 32, Hello.JDK, Answer.BYTE, Ending.CLIENT_CLOSES),
    FLIGHT_ANSWER(Figure.METHOD_FLIGHT, 32, Hello.JDK, Answer.FLIGHT, Ending.CLIENT_CLOSES),
    ORIGIN_CLOSES(Figure.METHOD_ORIGIN_CLOSES, 32, Hello.JDK, Answer.SERVER_HELLO, Ending.ORIGIN_CLOSES),
    CLIENT_RESETS(Figure.METHOD_RESET, 32, Hello.JDK, Answer.SERVER_HELLO, Ending.CLIENT_RESETS);

    enum Hello {
        /** Some 400 bytes. */
        JDK,
        /** 1.8 KB. */
        POST_QUANTUM
    }

    enum Answer {
        /** One byte, which is no TLS: this proxy does not follow the handshake any further. */
        BYTE,
        /** A ServerHello of TLS 1.3. */
        SERVER_HELLO,
        /** A ServerHello, and 4 KB of encrypted records behind it, as with a certificate. */
        FLIGHT
    }

    enum Ending {
        /** By a FIN, as soon as the answer has come. */
        CLIENT_CLOSES,
        /** By a RST, as soon as the answer has come. */
        CLIENT_RESETS,
        /** By a FIN behind the answer; the client closes when it has come. */
        ORIGIN_CLOSES
    }

    private final Figure figure;
    private final int clients;
    private final Hello hello;
    private final Answer answer;
    private final Ending ending;

    LoopMethod(Figure figure, int clients, Hello hello, Answer answer, Ending ending) {
        this.figure = figure;
        this.clients = clients;
        this.hello = hello;
        this.answer = answer;
        this.ending = ending;
    }

    /** What CPU for one of its tunnels is. */
    Figure figure() {
        return figure;
    }

    /** So many at once, each with one tunnel after the other. */
    int clients() {
        return clients;
    }

    Hello hello() {
        return hello;
    }

    Answer answer() {
        return answer;
    }

    Ending ending() {
        return ending;
    }
}
