package io.konnectproxy.archive.s3;

/** What a store was asked for, and the right that AWS wants for it. */
enum StoreRequest {
    OPEN(""),
    LIST("s3:ListBucket"),
    GET("s3:GetObject"),
    /** Without the right to list, what is absent is denied too. */
    HEAD("s3:GetObject and s3:ListBucket"),
    PUT("s3:PutObject"),
    PUT_LOCKED("s3:PutObject and s3:PutObjectRetention"),
    HEAD_BUCKET("s3:ListBucket"),
    LOCK("s3:GetBucketObjectLockConfiguration");

    private final String right;

    StoreRequest(String right) {
        this.right = right;
    }

    String right() {
        return right;
    }
}
