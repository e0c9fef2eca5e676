package io.konnectproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.wire.HandshakeReaderTest.Flight;
import io.konnectproxy.wire.HandshakeReading.End;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The input is what both sides of a tunnel send: in front of each flight a sign, and its length in one byte. */
public final class HandshakeFuzz {
    private HandshakeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<Flight> flights = flights(input);
        HandshakeReading reading = HandshakeReaderTest.read(flights, Integer.MAX_VALUE);

        assertThat(HandshakeReaderTest.read(flights, 1)).as("byte by byte").isEqualTo(reading);
        assertThat(HandshakeReaderTest.read(flights, 1 + input.length % 64))
                .as("cut")
                .isEqualTo(reading);
        reading.alert().ifPresent(name -> {
            assertThat(name).matches("[a-z0-9_]{1,40}");
            assertThat(reading.end()).isIn(End.CLIENT_ALERT, End.SERVER_ALERT);
        });
        HandshakeReader reader = new HandshakeReader();
        HandshakeReading certain = null;
        for (Flight flight : flights) {
            ByteBuffer bytes = ByteBuffer.wrap(flight.bytes());
            if (flight.up()) {
                reader.up(bytes);
            } else {
                reader.down(bytes);
            }
            assertThat(bytes.hasRemaining()).as("all is consumed").isFalse();
            assertThat(certain == null || reader.reading().equals(certain))
                    .as("what is certain stays")
                    .isTrue();
            certain = reader.isDone() ? reader.reading() : null;
        }
    }

    private static List<Flight> flights(byte[] input) {
        List<Flight> flights = new ArrayList<>();
        for (int at = 0; at + 2 <= input.length; ) {
            int end = Math.min(at + 2 + (input[at + 1] & 0xff), input.length);
            flights.add(new Flight(input[at] == '>', Arrays.copyOfRange(input, at + 2, end)));
            at = end;
        }
        return flights;
    }
}
