-- How far the attempts of a day of Tashkent were compared with what their provider says: by desk, up to the attempt that was compared last.
CREATE TABLE payment_comparisons (
    id INTEGER PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL,
    desk TEXT NOT NULL,
    day DATE NOT NULL,
    last BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,

    CONSTRAINT payment_comparisons_day_unique UNIQUE (provider, desk, day),
    CONSTRAINT payment_comparisons_provider_check CHECK (provider IN ('payme', 'click')),
    CONSTRAINT payment_comparisons_counts_check CHECK (differing >= 0 AND compared >= differing),

    CONSTRAINT payment_comparisons_last_integer CHECK (typeof(last) = 'integer'),
    CONSTRAINT payment_comparisons_compared_integer CHECK (typeof(compared) = 'integer'),
    CONSTRAINT payment_comparisons_differing_integer CHECK (typeof(differing) = 'integer')
);
