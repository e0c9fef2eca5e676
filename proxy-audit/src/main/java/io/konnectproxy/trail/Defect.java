package io.konnectproxy.trail;

/** The defects that verification can find, each with a sentence that explains it. */
public enum Defect {
    NOT_A_LINE("This is no line of the trail"),
    EDITED("The line was edited: its hash is not that of its bytes"),
    REPLACED("The line is not bound to the one before it: one of the two was replaced"),
    RENUMBERED("The number does not go on, although the line is bound to the one before it"),
    MISSING("Lines are missing"),
    SEGMENT_MISSING("A segment is missing, or the end of the one before was cut off"),
    SWAPPED("Lines are not in their order"),
    DUPLICATE("The line was there already"),
    INSERTED("Two different lines have this number: one of them was put in"),
    TWO_FILES("Two files begin with the same number and differ: one of them was put in, or changed"),
    FALSE_NAME("The object stands under a name that is not its own"),
    BEGINNING_LOST("The file has lost its beginning"),
    NEW_TRAIL("A new trail begins here"),
    OTHER_TRAIL("The line is of another trail than the one before it"),
    OLDER_VERSION("The line is of version 1, and the one before it of version 2"),
    FALSE_BEGIN("The line says that it is the first of a trail, and is not"),
    TORN("The last line has no end, as a crash leaves it, or somebody who cuts"),
    DAMAGED_FILE("The compressed file is damaged"),
    WRONG_SIGNATURE("The signature of the checkpoint is wrong"),
    OTHER_KEY("The checkpoint was signed with another key"),
    UNSIGNED("No line is a checkpoint: the key proves nothing here"),
    CUT("The end of the trail was cut off"),
    REWRITTEN("This is not the checkpoint that was kept elsewhere: the trail was written anew"),
    NOT_COVERED("The checkpoint that was kept elsewhere lies before the first segment given");

    private final String sentence;

    Defect(String sentence) {
        this.sentence = sentence;
    }

    /** The explanation, without a full stop. */
    public String sentence() {
        return sentence;
    }
}
