package io.konnectproxy.server.admin;

import io.konnectproxy.server.credentials.Users;
import java.util.Optional;

/**
 * Who may see the live page.
 *
 * @param on whether there is one
 * @param whyOff a sentence, where somebody may wonder; else empty
 * @param users demanded credentials; empty if everybody may see it
 */
public record PageAccess(boolean on, String whyOff, Optional<Users> users) {
    /** There is no page. */
    public static final PageAccess OFF = new PageAccess(false, "", Optional.empty());
    /** There is none, and a sentence says why. */
    public static PageAccess withheld(String why) {
        return new PageAccess(false, why, Optional.empty());
    }

    /** There is a page for these users, or for everybody. */
    public static PageAccess of(Optional<Users> users) {
        return new PageAccess(true, "", users);
    }

    /** Whether somebody who was let in before may stay. */
    boolean stillAdmits(PageAccess before, Optional<String> user) {
        return on
                && users.equals(before.users)
                && users.map(all -> user.filter(all.names()::contains).isPresent())
                        .orElse(true);
    }
}
