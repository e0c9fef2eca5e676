package io.konnectproxy.trail;

import java.io.IOException;
import java.util.Optional;

/** Follows the current file of a trail. */
record FollowedFile(String instance, TrailFollower follower) implements FollowedTrail {
    @Override
    public Optional<String> next() throws TrailException {
        return follower.next();
    }

    @Override
    public void close() {
        try {
            follower.close();
        } catch (IOException e) {
            // It was only read.
            return;
        }
    }
}
