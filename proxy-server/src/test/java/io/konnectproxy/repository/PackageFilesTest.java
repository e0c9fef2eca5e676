package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packages are made of names the same files, and so do the commands for a jar by hand. */
class PackageFilesTest {
    private static final String CONFIGURATION = "/etc/konnect-proxy/konnect-proxy.yaml";

    @Test
    void the_unit_runs_the_launcher_with_the_packed_configuration() throws IOException {
        List<String> commands = read("deploy/konnect-proxy.service")
                .lines()
                .filter(line -> line.matches("Exec(Start|Reload)=/usr/.*"))
                .toList();
        assertThat(commands)
                .hasSize(2)
                .allMatch(line ->
                        line.matches("Exec\\w+=/usr/bin/konnect-proxy (check|run) -c " + Pattern.quote(CONFIGURATION)));
        assertThat(packed()).contains("${tree}/usr/bin", "${tree}${etc}");
        assertThat(read("proxy-server/pom.xml")).contains("name=\"etc\" value=\"" + CONFIGURATION + '"');
    }

    @Test
    void the_launcher_runs_the_packed_jar_with_the_packed_flags() throws IOException {
        assertThat(read("deploy/package/konnect-proxy"))
                .contains(
                        "\nshare=/usr/share/konnect-proxy\n",
                        "\"@$share/jvm.options\"",
                        "-Dkonnect-proxy.config=" + CONFIGURATION,
                        "-jar \"$share/konnect-proxy.jar\"");
        assertThat(read("proxy-server/pom.xml"))
                .contains(
                        "name=\"share\" location=\"${tree}/usr/share\"",
                        "name=\"jar\" location=\"${share}/konnect-proxy/konnect-proxy.jar\"");
        assertThat(packed()).contains("${share}/konnect-proxy");
    }

    @Test
    void debian_treats_the_configuration_as_one() throws IOException {
        assertThat(read("deploy/package/deb/conffiles")).isEqualTo(CONFIGURATION + "\n");
    }

    /** The RPM's script needs the user before the file that describes it is there. */
    @Test
    void both_packages_make_the_same_user() throws IOException {
        String user = read("deploy/package/konnect-proxy.sysusers");
        assertThat(read("deploy/package/rpm/pre")).contains("<<'END'\n" + user + "END\n");
        assertThat(user).startsWith("u konnect-proxy - ");
        assertThat(read("deploy/konnect-proxy.service")).contains("\nUser=konnect-proxy\nGroup=konnect-proxy\n");
    }

    /** A process can write its own environment, and would get out of its confinement, or to a terminal, by what root reads there. */
    @ParameterizedTest
    @ValueSource(strings = {"deploy/package/deb/postinst", "deploy/package/rpm/posttrans", "deploy/package/trial"})
    void an_upgrade_reads_nothing_of_the_running_process(String script) throws IOException {
        assertThat(read(script)).doesNotContain("/proc", "MainPID", "setpriv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/package/deb/postinst", "deploy/package/rpm/posttrans"})
    void an_upgrade_asks_the_packed_trial(String script) throws IOException {
        assertThat(read(script)).containsOnlyOnce("    if sh /usr/share/konnect-proxy/trial; then\n");
        assertThat(read("proxy-server/pom.xml"))
                .contains("<copy file=\"${files}/trial\" todir=\"${share}/konnect-proxy\"/>");
    }

    /** What is in the archive runs as whoever starts the proxy: it must be root's, in a place that is root's. */
    @Test
    void the_class_archive_is_made_by_root_without_a_network() throws IOException {
        String unit = read("deploy/konnect-proxy-archive.service");
        assertThat(unit)
                .contains(
                        "\nExecStart=-/usr/bin/konnect-proxy make-class-archive\n",
                        "\nCacheDirectory=konnect-proxy\nCacheDirectoryMode=0755\nUMask=0022\n",
                        "\nPrivateNetwork=yes\nCapabilityBoundingSet=\nNoNewPrivileges=yes\nProtectSystem=strict\n")
                .doesNotContain("User=", "Environment");
        assertThat(read("deploy/konnect-proxy.service"))
                .contains("\nWants=network-online.target konnect-proxy-archive.service\n")
                .doesNotContain("CacheDirectory");
        assertThat(read("deploy/package/konnect-proxy"))
                .contains("\ncache=/var/cache/konnect-proxy\n", "make_archive \"$cache\" ", "find_archive \"$cache\" ");
        assertThat(read("proxy-server/pom.xml"))
                .contains(
                        "<copy file=\"${files}/archive\" todir=\"${share}/konnect-proxy\"/>",
                        "<copy file=\"${root}/deploy/konnect-proxy-archive.service\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/package/deb/postinst", "deploy/package/rpm/posttrans"})
    void an_upgrade_makes_it_before_the_restart(String script) throws IOException {
        assertThat(read(script)).containsPattern("(?s)start konnect-proxy-archive.service.*restart");
    }

    /** What is still making one would put files where the removal has just removed them. */
    @ParameterizedTest
    @ValueSource(strings = {"deploy/package/deb/prerm", "deploy/package/rpm/preun"})
    void a_removal_stops_those_who_make_it(String script) throws IOException {
        assertThat(read(script)).containsPattern("stop [^\\n]*konnect-proxy-archive.service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/package/deb/postrm", "deploy/package/rpm/postun"})
    void a_removal_removes_it(String script) throws IOException {
        assertThat(read(script)).contains("rm -rf /var/cache/konnect-proxy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/share/konnect-proxy proxy-server/target/konnect-proxy.jar config/jvm.options",
                "deploy/package/konnect-proxy /usr/bin/konnect-proxy",
                "deploy/package/konnect-proxy.sysusers /usr/lib/sysusers.d/konnect-proxy.conf",
                "config/konnect-proxy.yaml /etc/konnect-proxy/konnect-proxy.yaml",
                "deploy/package/archive /usr/share/konnect-proxy/archive",
                "deploy/konnect-proxy-archive.service /usr/lib/systemd/system/konnect-proxy-archive.service",
                "deploy/konnect-proxy.service /usr/lib/systemd/system/konnect-proxy.service",
            })
    void by_hand_they_go_to_the_same_places(String files) throws IOException {
        assertThat(read("docs/install.md")).contains(" " + files + "\n");
    }

    /** Where the build puts files: the targets of its copies. */
    private static Stream<String> packed() throws IOException {
        return Pattern.compile("<copy file=\"[^\"]*\" to(?:dir|file)=\"([^\"]*)\"")
                .matcher(read("proxy-server/pom.xml"))
                .results()
                .map((MatchResult copy) -> copy.group(1));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("..", file));
    }
}
