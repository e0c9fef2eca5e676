package io.konnectproxy.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished files that are to be archived, in the order of their turns: the oldest first, behind them those that failed, so that
 * none holds others back. Not thread-safe.
 */
final class ArchiveQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveQueue.class);

    private final long pause;

    private final Map<Path, FinishedFile> known = new HashMap<>();
    /** Files that the archive has no place for. */
    private final Set<FinishedFile> nameless = new HashSet<>();

    /** Files that are known to be archived, so that a compressed one is not read again to find that out. */
    private final Set<FinishedFile> archived = new HashSet<>();

    private final Deque<FinishedFile> pending = new ArrayDeque<>();
    /** Files that cannot be archived, each said once. */
    private final Set<FinishedFile> unfit = new HashSet<>();
    /** Files that cannot be read now, with why, each said once. */
    private final Map<Path, String> unreadable = new HashMap<>();
    /** Files that failed since the store last took one: it may be the store that fails. */
    private final Set<FinishedFile> failing = new HashSet<>();
    /** Files that failed while others did not. Each with what was said. */
    private final Map<FinishedFile, String> doubted = new HashMap<>();
    /** Those of them that wait. */
    private final Set<FinishedFile> aside = new HashSet<>();

    private long asideUntil = System.nanoTime();

    /**
     * @param pause how long files stay aside
     */
    ArchiveQueue(Duration pause) {
        this.pause = pause.toNanos();
    }

    /** What another archive said of files does not count for this one. */
    void forgetAnswers() {
        unfit.clear();
        archived.clear();
        failing.clear();
        doubted.clear();
        aside.clear();
    }

    /**
     * These files, the oldest first, are all that there are.
     *
     * @param progress tells which of them are archived
     * @return those that cannot be read, with why, unless that was said before
     */
    Map<Path, String> replace(List<Path> files, ArchiveProgress progress) {
        known.keySet().retainAll(Set.copyOf(files));
        unreadable.keySet().retainAll(Set.copyOf(files));
        Map<Path, String> news = new LinkedHashMap<>();
        Set<FinishedFile> left = new LinkedHashSet<>();
        for (Path file : files) {
            try {
                Optional<FinishedFile> finished = lookAt(file);
                if (finished.isPresent() && !isDone(finished.get(), progress)) {
                    left.add(finished.get());
                }
                unreadable.remove(file);
            } catch (NoSuchFileException e) {
                LOG.debug("{} was renamed or removed meanwhile.", file);
            } catch (IOException e) {
                String why = FileTrouble.of(e).reason();
                if (!why.equals(unreadable.put(file, why))) {
                    news.put(file, why);
                }
            }
        }
        arrange(left);
        return news;
    }

    private void arrange(Set<FinishedFile> left) {
        Set<FinishedFile> here = Set.copyOf(known.values());
        nameless.retainAll(here);
        archived.retainAll(here);
        unfit.retainAll(left);
        failing.retainAll(left);
        doubted.keySet().retainAll(left);
        aside.retainAll(left);
        left.removeAll(unfit);
        left.removeAll(aside);
        pending.clear();
        left.stream().filter(file -> !isLate(file)).forEach(pending::add);
        left.stream().filter(this::isLate).forEach(pending::add);
    }

    /** Whether others go first. */
    private boolean isLate(FinishedFile file) {
        return failing.contains(file) || doubted.containsKey(file);
    }

    private boolean isDone(FinishedFile file, ArchiveProgress progress) throws IOException {
        if (nameless.contains(file) || archived.contains(file)) {
            return true;
        }
        return !unfit.contains(file) && progress.has(file) && archived.add(file);
    }

    private Optional<FinishedFile> lookAt(Path file) throws IOException {
        FinishedFile before = known.get(file);
        if (before != null && before.isUnchanged()) {
            return Optional.of(before);
        }
        Optional<FinishedFile> finished = FinishedFile.of(file);
        if (finished.isPresent()) {
            known.put(file, finished.get());
            if (finished.get().isNameless()) {
                nameless.add(finished.get());
                LOG.info("{} is not archived: its lines are of version 1, which has no name of a trail.", file);
            }
        }
        return finished;
    }

    /** The first line's number of each file that is there. */
    Set<Long> firstSeqs() {
        Set<Long> all = new HashSet<>();
        known.values().forEach(each -> all.add(each.firstSeq()));
        return all;
    }

    /** The files that the archive has no place for. */
    Set<FinishedFile> nameless() {
        return Set.copyOf(nameless);
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Whose turn it is. */
    FinishedFile first() {
        return pending.getFirst();
    }

    /** Until the next look at all files it is not tried. */
    void remove(FinishedFile file) {
        pending.remove(file);
    }

    /** It is archived. What failed before is doubted now: the store takes objects. */
    void taken(FinishedFile file) {
        pending.remove(file);
        failing.remove(file);
        doubted.remove(file);
        failing.forEach(each -> doubted.putIfAbsent(each, ""));
        failing.clear();
    }

    /** Whether a failure is the file's own: it failed before, and others did not since. */
    boolean isAtFault(FinishedFile file) {
        return doubted.containsKey(file) && failing.isEmpty();
    }

    /** It failed: others go first. */
    void failed(FinishedFile file) {
        pending.remove(file);
        pending.addLast(file);
        failing.add(file);
    }

    /**
     * It failed and is at fault, so it waits.
     *
     * @return whether that was not said before
     */
    boolean putAside(FinishedFile file, String why) {
        if (aside.isEmpty()) {
            asideUntil = System.nanoTime() + pause;
        }
        pending.remove(file);
        aside.add(file);
        return !why.equals(doubted.put(file, why));
    }

    /** It cannot be archived. */
    void skip(FinishedFile file) {
        pending.remove(file);
        unfit.add(file);
    }

    /** Takes back those that have waited. */
    void recall() {
        if (System.nanoTime() - asideUntil >= 0) {
            pending.addAll(aside);
            aside.clear();
        }
    }

    /** That time, or an earlier one at which some have waited. */
    long orRecallAt(long next) {
        return aside.isEmpty() || next - asideUntil < 0 ? next : asideUntil;
    }

    /** How many are not archived. */
    int size() {
        return pending.size() + unfit.size() + unreadable.size() + aside.size();
    }

    /** Whether nothing is wrong with any of them, as far as is known. */
    boolean isWell() {
        return unfit.isEmpty() && unreadable.isEmpty() && doubted.isEmpty();
    }
}
