package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Programs;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nobody has compared an entry of the shipped table with a page of tomorrow. */
class KonnectHostsDatesIT {
    private static final Pattern CHECKED = Pattern.compile("(?m)^ +checked: (\\S+)$");

    @Test
    void no_page_was_read_after_the_last_change_of_the_table() throws Exception {
        LocalDate changed = lastChange();
        List<LocalDate> dates = CHECKED.matcher(Examples.text(Examples.SHIPPED_HOSTS))
                .results()
                .map(found -> LocalDate.parse(found.group(1)))
                .toList();
        assertThat(dates)
                .hasSizeGreaterThan(10)
                .allSatisfy(date -> assertThat(date).isBeforeOrEqualTo(changed));
    }

    /** Of today where it is not committed, or where there is no history. */
    private static LocalDate lastChange() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        if (!Programs.onPath("git")) {
            return today;
        }
        String file = Examples.SHIPPED_HOSTS.toString();
        String committed =
                Programs.run("", "git", "log", "-1", "--format=%cs", "--", file).strip();
        boolean isWhole =
                Programs.run("", "git", "status", "--porcelain", "--", file).isBlank();
        return isWhole && committed.matches("[0-9-]{10}") ? LocalDate.parse(committed) : today;
    }
}
