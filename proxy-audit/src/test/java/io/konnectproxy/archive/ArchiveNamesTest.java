package io.konnectproxy.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.archive.ArchiveKey.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveNamesTest {
    @ParameterizedTest
    @CsvSource({
        "s3://evidence, evidence, ''",
        "s3://evidence/, evidence, ''",
        "s3://evidence/konnect, evidence, konnect",
        "s3://evidence/konnect/, evidence, konnect",
        "s3://my.bucket-1/a/b=c/d_e.f, my.bucket-1, a/b=c/d_e.f"
    })
    void a_bucket_is_read(String text, String bucket, String prefix) {
        assertThat(BucketUrl.parse(text)).isEqualTo(new BucketUrl(bucket, prefix));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evidence",
                "s3:/evidence",
                "S3://evidence",
                "s3://",
                "s3://ab",
                "s3://Evidence",
                "s3://-evidence",
                "s3://evi..dence",
                "s3://evidence//a",
                "s3://evidence/a//b",
                "s3://evidence/../b",
                "s3://evidence/a/.",
                "s3://evidence/a b",
                "s3://evidence/a?b",
                "s3://evidence/a%2Fb",
                "s3://user:secret@evidence/a",
                "https://evidence.s3.amazonaws.com/a",
                "s3://evidence/é"
            })
    void what_is_no_bucket_is_refused_without_being_repeated(String text) {
        assertThatThrownBy(() -> BucketUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be s3://bucket or s3://bucket/prefix")
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_prefix_has_a_bound() {
        assertThat(BucketUrl.parse("s3://evidence/" + "a".repeat(512)).prefix()).hasSize(512);
        assertThatThrownBy(() -> BucketUrl.parse("s3://evidence/" + "a".repeat(513)))
                .hasMessageContaining("at most 512");
    }

    @Test
    void a_prefix_is_put_before_keys() {
        assertThat(BucketUrl.parse("s3://evidence").key("a/b")).isEqualTo("a/b");
        assertThat(BucketUrl.parse("s3://evidence/x/").key("a/b")).isEqualTo("x/a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "edge-1/3fa9c2d01b7e/000000000123.jsonl, FILE, 123",
        "edge-1/3fa9c2d01b7e/000000000123.jsonl.gz, COMPRESSED_FILE, 123",
        "edge-1/3fa9c2d01b7e/123456789012345678.jsonl.gz, COMPRESSED_FILE, 123456789012345678",
        "edge-1/3fa9c2d01b7e/checkpoints/000000000456.jsonl, CHECKPOINT, 456"
    })
    void a_key_has_one_form(String text, Kind kind, long seq) {
        ArchiveKey key = new ArchiveKey("edge-1", "3fa9c2d01b7e", kind, seq);
        assertThat(key).hasToString(text);
        assertThat(ArchiveKey.parse(text)).contains(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3fa9c2d01b7e/000000000123.jsonl",
                "../3fa9c2d01b7e/000000000123.jsonl",
                "./3fa9c2d01b7e/000000000123.jsonl",
                "edge-1/3FA9C2D01B7E/000000000123.jsonl",
                "edge-1/3fa9c2d01b7e/123.jsonl",
                "edge-1/3fa9c2d01b7e/0000000000123.jsonl",
                "edge-1/3fa9c2d01b7e/000000000123.jsonl.zst",
                "edge-1/3fa9c2d01b7e/000000000123.jsonl\n",
                "edge-1/3fa9c2d01b7e/checkpoints/000000000456.jsonl.gz",
                "a/edge-1/3fa9c2d01b7e/000000000123.jsonl",
                "/edge-1/3fa9c2d01b7e/000000000123.jsonl"
            })
    void what_is_no_key_of_the_archive_is_none(String text) {
        assertThat(ArchiveKey.parse(text)).isEmpty();
    }

    @Test
    void keys_are_in_the_order_of_lines() {
        List<String> keys = List.of(
                key(Kind.FILE, 1), key(Kind.COMPRESSED_FILE, 99), key(Kind.FILE, 100_000), key(Kind.CHECKPOINT, 2));
        assertThat(keys).isSorted();
    }

    private static String key(Kind kind, long seq) {
        return new ArchiveKey("edge-1", "3fa9c2d01b7e", kind, seq).toString();
    }
}
