package io.konnectproxy.server.config;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.credentials.UsersFile;
import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.server.tls.ServerIdentity;

/**
 * Reads the files of a listener with the code that uses them at run time, so that their problems are reported with the
 * configuration. Each method throws IllegalArgumentException with a sentence without a full stop.
 */
final class ListenerFiles {
    private ListenerFiles() {}

    static ListenerFacts.Identity identity(ServerFiles files) {
        try {
            ServerIdentity identity = ServerIdentity.read(files);
            return new ListenerFacts.Identity(identity.names(), identity.notAfter(), identity.warnings());
        } catch (KeyFileException e) {
            throw new IllegalArgumentException(withoutStop(e.getMessage()), e);
        }
    }

    static ListenerFacts.UserFacts users(String file) {
        try {
            UsersFile users = UsersFile.read(file);
            return new ListenerFacts.UserFacts(users.names(), users.cheaplyHashed());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " " + e.getMessage(), e);
        }
    }

    static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
