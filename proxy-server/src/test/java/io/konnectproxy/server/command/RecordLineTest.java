package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.event.EventReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A reload on the screen. */
class RecordLineTest {
    private static String shown(String event, String fields) throws Exception {
        String line = new TrailBuilder().event(event, fields).take().get(0);
        return new RecordLine(false).of(new EventReader().read(line), Optional.empty());
    }

    @Test
    void a_reload_says_what_changed() throws Exception {
        assertThat(
                        shown(
                                "configuration",
                                "\"occasion\":\"reload\",\"instance\":\"proxy-1\",\"configuration_digest\":\"0123456789ab\","
                                        + "\"digest\":\"d\",\"policy\":{\"mode\":[\"enforce\"],\"regions\":[\"eu\"]},\"changed\":["
                                        + "{\"key\":\"regions\",\"added\":[\"eu\"],\"removed\":[\"us\"]},"
                                        + "{\"key\":\"hosts\",\"added\":[],\"removed\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\\u001b\"]}]"))
                .endsWith("  configuration  of this reload: mode enforce, regions eu; changed: regions +eu -us;"
                        + " hosts -a -b -c -d -e -2 more");
    }

    @Test
    void a_refused_reload_says_why() throws Exception {
        assertThat(shown("reload_refused", "\"problems\":[\"One.\",\"Two\\u001b.\"],\"omitted\":3"))
                .endsWith("  reload_refused  the old configuration stays in force: One; Two\\u001b; and 3 more");
        assertThat(shown("reload_refused", "\"problems\":[\"a.yaml:1: one\",\"a.yaml:2: two: use b.\"]"))
                .endsWith("stays in force: a.yaml:1: one; a.yaml:2: two: use b.");
        assertThat(shown("reload_refused", "\"problems\":[\"One.\"]")).endsWith("stays in force: One.");
    }

    @Test
    void a_start_says_on_which_proxy() throws Exception {
        assertThat(shown("start", "\"version\":\"0.1.0\",\"instance\":\"proxy-1\""))
                .endsWith("version 0.1.0 on proxy-1");
    }
}
