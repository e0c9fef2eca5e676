package io.konnectproxy.server.command;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.ObjectReader;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailPlace;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.event.Printable;
import java.io.Closeable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The places of trails, mixed into every command that reads several. */
final class TrailArguments {
    /** What {@link Path} makes of {@code s3://}. */
    private static final String NORMALISED = "s3:/";

    /** What {@link Path} makes of any URL. */
    private static final Pattern URL = Pattern.compile("([a-z][a-z0-9+.-]*):(/.*)?");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private BucketOptions bucket = new BucketOptions();

    /** For a command that has places of its own. */
    static OpenedPlaces open(List<Path> places, BucketOptions bucket, CommandSpec spec) throws StoreException {
        TrailArguments arguments = new TrailArguments();
        arguments.places = places;
        arguments.bucket = bucket;
        arguments.spec = spec;
        return arguments.open();
    }

    @Parameters(
            paramLabel = "FILE|DIR|URL",
            arity = "1..*",
            description = {
                "The files of trails, compressed or not, in any order; directories, which are searched with their",
                "subdirectories; or archives, s3://BUCKET/PREFIX."
            })
    private List<Path> places = List.of();

    /** The places, with an open store for each bucket. */
    record OpenedPlaces(List<TrailPlace> all, List<ObjectReader> stores) implements Closeable {
        @Override
        public void close() {
            stores.forEach(ObjectReader::close);
        }
    }

    /**
     * Opens the stores of buckets. Nothing of the AWS SDK is loaded where there are none.
     *
     * @throws StoreException if a store cannot be reached as configured
     */
    OpenedPlaces open() throws StoreException {
        requireNoOtherUrl(places, spec);
        OpenedPlaces opened = new OpenedPlaces(new ArrayList<>(), new ArrayList<>());
        try {
            for (Path place : places) {
                open(place, opened);
            }
            return opened;
        } catch (StoreException | ParameterException e) {
            opened.close();
            throw e;
        }
    }

    /** The sentence about a store that cannot be reached. */
    static String unreadable(StoreException problem) {
        return "The archive cannot be read: " + Printable.of(String.valueOf(problem.getMessage())) + ".";
    }

    /** A sentence for each place that is of no trail. What may have lines is a trouble of the command; leftovers of the proxy are none. */
    static void tellForeign(Trails trails, PrintWriter err) {
        trails.passedOver(Segments.PassedOver.Kind.FOREIGN).forEach(place -> err.println(place.sentence()));
    }

    /** Whether it is the URL of a bucket. */
    static boolean isBucket(Path place) {
        return place.toString().startsWith(NORMALISED);
    }

    /** Refuses what is meant for an archive and is none, which would be told as a missing file. */
    static void requireNoOtherUrl(List<Path> places, CommandSpec spec) {
        for (Path place : places) {
            Matcher url = URL.matcher(place.toString());
            if (url.matches() && !isBucket(place) && !Files.exists(place)) {
                // The rest is not shown: it may have a password in it.
                throw new ParameterException(
                        spec.commandLine(),
                        (url.group(1).equals("s3") ? "s3:// names no bucket" : url.group(1) + ":// is no archive")
                                + "; write s3://BUCKET/PREFIX, with --endpoint for a store that is none of AWS's");
            }
        }
    }

    private void open(Path place, OpenedPlaces opened) throws StoreException {
        String text = place.toString();
        if (!isBucket(place)) {
            opened.all().add(TrailPlace.of(place));
            return;
        }
        BucketUrl url = url(BucketUrl.SCHEME + text.substring(NORMALISED.length()));
        ObjectReader store = S3Store.open(url, bucket.settings());
        opened.stores().add(store);
        opened.all().add(TrailPlace.of(url, store));
    }

    private BucketUrl url(String text) {
        try {
            return BucketUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), text + " " + e.getMessage() + ".");
        }
    }
}
