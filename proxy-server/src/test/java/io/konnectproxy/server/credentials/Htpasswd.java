package io.konnectproxy.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.wire.Credentials;
import java.util.List;
import java.util.stream.Collectors;

/** Lines that Apache's {@code htpasswd} 2.4.71 wrote, and two that glibc's {@code crypt} did, with their passwords. */
final class Htpasswd {
    private static final String SEVENTY_TWO = "a".repeat(72);

    static final List<Htpasswd.Line> BCRYPT = List.of(
            new Line("dp-payments", "correct horse", "$2y$05$rt0yKFqgMJ4PET.pKm5ddeoGOWsPmH1uwXU.f97Ba7h5Ypfv7iU1e"),
            new Line("dp-default", "p@ss:w#rd/%", "$2y$05$kMHg63cLdJEVoW3KXBW5LOtgelBi/CFLgTlAWmd/A25.dOJooYgEe"),
            new Line(
                    "g\u00fcnter",
                    "p\u00e4ssw\u00f6rd",
                    "$2y$04$lYmCYE1z9ltWBJq7qujbGOndjFdN9ZjQbQquC5y.e7mCm5cROJG7e"),
            new Line("long", SEVENTY_TWO, "$2y$04$F2.9qqq5JIBuaMSmlp2fMO5Ft3smm7nb5.embwvxNBWJpkTwPD5Gi"),
            new Line("ten", "kong to konnect", "$2y$10$cn9AUIWp75QLdMTlL5z2BuCGGO.bdw6fet5iZ41xXyTygI1i4IlXm"),
            new Line("crypt-2b", "kong to konnect", "$2b$04$abcdefghijklmnopqrstuunm.LFApfgYcKLyNlf/c2CkfxFy4dOby"),
            new Line("crypt-2a", "kong to konnect", "$2a$04$abcdefghijklmnopqrstuunm.LFApfgYcKLyNlf/c2CkfxFy4dOby"));

    /** Of an empty password. */
    static final Line EMPTY = new Line("empty", "", "$2y$04$Ii83NaBSQUgOs/upzaCCc.eOiz1NbBzrtC8uqb6nPhAon54jNdd9G");

    private Htpasswd() {}

    record Line(String user, String password, String hash) {
        String text() {
            return user + ":" + hash;
        }

        byte[] bytes() {
            return password.getBytes(UTF_8);
        }

        Credentials.Basic credentials() {
            return pair(user, password);
        }
    }

    static Credentials.Basic pair(String user, String password) {
        return new Credentials.Basic(user, password.getBytes(UTF_8));
    }

    static String text(List<Line> lines) {
        return lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
    }

    /** Users with passwords, hashed as cheaply as may be. */
    static UsersFile users(String... namesAndPasswords) {
        return UsersFile.parse(cheap(namesAndPasswords).getBytes(UTF_8));
    }

    static String cheap(String... namesAndPasswords) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < namesAndPasswords.length; i += 2) {
            text.append(namesAndPasswords[i])
                    .append(':')
                    .append(BcryptHash.of(namesAndPasswords[i + 1].getBytes(UTF_8), BcryptHash.MIN_COST)
                            .text())
                    .append('\n');
        }
        return text.toString();
    }
}
