package io.konnectproxy.server.differential;

import io.konnectproxy.server.differential.Input.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes inputs out of well-formed ones: none to three mutations each, those of the structure before those of the bytes.
 *
 * @param wellFormed draws a sketch
 * @param write gives its bytes
 * @param mutations what can be done to a sketch
 */
record Generator<S>(Function<RandomGenerator, S> wellFormed, Function<S, byte[]> write, List<Mutation<S>> mutations) {
    private static final int MOST_MUTATIONS = 3;
    private static final long FIXED_SEED = 3128;
    /** Inputs a seed; {@code -Ddifferential.inputs=…} for a longer hunt (a test still has its minute). */
    static final int INPUTS = Integer.getInteger("differential.inputs", 5_500);

    /**
     * One seed that never changes, so that two runs can be compared, and one that is new each time, so that every run
     * tries what none tried before. A failure tells its seed; {@code -Ddifferential.seed=…} repeats it alone.
     */
    static LongStream seeds() {
        Long repeated = Long.getLong("differential.seed");
        return repeated == null
                ? LongStream.of(FIXED_SEED, ThreadLocalRandom.current().nextLong())
                : LongStream.of(repeated);
    }

    Stream<Input<S>> inputs(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(number -> input("-Ddifferential.seed=" + seed + ", input " + number, random.split()));
    }

    private Input<S> input(String origin, RandomGenerator random) {
        S sketch = wellFormed.apply(random);
        List<String> done = new ArrayList<>();
        Form form = Form.WELL_FORMED;
        int changes = random.nextInt(MOST_MUTATIONS + 1);
        int structural = (int)
                IntStream.range(0, changes).filter(i -> random.nextInt(3) > 0).count();
        for (int i = 0; i < structural; i++) {
            Mutation<S> mutation = mutations.get(random.nextInt(mutations.size()));
            mutation.change(sketch, random);
            done.add(mutation.name());
            form = changes == 1 && mutation.effect() == Mutation.Effect.BREAKS ? Form.MALFORMED : Form.UNKNOWN;
        }
        byte[] bytes = write.apply(sketch);
        for (int i = structural; i < changes && bytes.length > 0; i++) {
            ByteMutation mutation = ByteMutation.ALL.get(random.nextInt(ByteMutation.ALL.size()));
            bytes = mutation.change(bytes, () -> write.apply(wellFormed.apply(random)), random);
            done.add(mutation.name());
            form = Form.UNKNOWN;
        }
        return new Input<>(origin, sketch, List.copyOf(done), form, Bytes.segments(bytes, random));
    }

    Stream<String> namesOfMutations() {
        return Stream.concat(
                mutations.stream().map(Mutation::name),
                ByteMutation.ALL.stream().map(ByteMutation::name));
    }
}
