package io.konnectproxy.server.upstream;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.netty.channel.ConnectTimeoutException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.Optional;

/** Why an {@link Attempt} did not reach the upstream. */
sealed interface DialFailure {
    /** What the client is told, where this was the last attempt. */
    Refused refused();

    /** Further details for the operator, as a whole sentence. */
    Optional<String> hint();

    /**
     * The upstream, or the parent proxy, was not reached.
     *
     * @param elsewhere whether the parent has further addresses
     */
    record Unreachable(Refused refused, Optional<String> hint, boolean elsewhere) implements DialFailure {}

    /**
     * A parent proxy refused the CONNECT request.
     *
     * @param status of its answer
     */
    record Declined(int status, String sentence) implements DialFailure {
        private static final int LEAST_OF_GATEWAYS = 502;
        private static final int LAST_OF_GATEWAYS = 504;

        @Override
        public Refused refused() {
            return new Refused(Refusal.PARENT_REFUSED);
        }

        @Override
        public Optional<String> hint() {
            return Optional.of(sentence);
        }

        /**
         * Whether the status concerns only the address that was asked for, and not what the parent permits: 502, 503,
         * 504.
         */
        boolean isAboutTheAddress() {
            return status >= LEAST_OF_GATEWAYS && status <= LAST_OF_GATEWAYS;
        }
    }

    /** A direct connection to the upstream failed. */
    static DialFailure direct(Throwable cause) {
        Optional<String> hint = cause instanceof BindException
                ? Optional.of("The system gives no socket with the source-address; has this machine lost it?")
                : Optional.empty();
        return new Unreachable(new Refused(refusal(cause)), hint, false);
    }

    /**
     * A timeout and an unreachable network are ConnectExceptions too, so a refusal is recognised by the system's
     * message.
     */
    static Refusal refusal(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return Refusal.CONNECT_TIMEOUT;
        }
        String message = cause.getMessage();
        return cause instanceof ConnectException && message != null && message.contains("refused")
                ? Refusal.CONNECT_REFUSED
                : Refusal.CONNECT_FAILED;
    }
}
