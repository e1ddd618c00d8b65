-- What is judged once; a cancelled order closes what was pending, with no reviewer.
CREATE TABLE prescriptions (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT,
    user_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    rejection_reason TEXT NOT NULL,
    reviewed_by BIGINT,
    reviewed_at TIMESTAMP,
    day DATE NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT prescriptions_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT prescriptions_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT prescriptions_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT prescriptions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT prescriptions_reviewer_fkey FOREIGN KEY (reviewed_by) REFERENCES users (id),
    CONSTRAINT prescriptions_status_check CHECK (status IN ('pending', 'approved', 'rejected')),
    CONSTRAINT prescriptions_reviewed_check CHECK ((status = 'pending') = (reviewed_at IS NULL)),
    CONSTRAINT prescriptions_approved_check CHECK (status <> 'approved' OR reviewed_by IS NOT NULL),
    CONSTRAINT prescriptions_reason_check CHECK ((status = 'rejected') = (rejection_reason <> ''))
);

CREATE UNIQUE INDEX prescriptions_pending_unique ON prescriptions (store_id, order_id) WHERE status = 'pending';
CREATE INDEX prescriptions_order_index ON prescriptions (store_id, order_id, id);
CREATE INDEX prescriptions_status_index ON prescriptions (store_id, status, id);
CREATE INDEX prescriptions_user_index ON prescriptions (user_id, id);

-- The picture lies in a file under a key of its own; that key lies here under the key key_id of the installation. Without it
-- the picture is erased.
CREATE TABLE prescription_images (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    prescription_id BIGINT NOT NULL,
    file TEXT NOT NULL,
    sealed_key TEXT,
    key_id TEXT NOT NULL,
    size BIGINT NOT NULL,
    uploaded_at TIMESTAMP NOT NULL,

    CONSTRAINT prescription_images_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT prescription_images_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT prescription_images_prescription_fkey FOREIGN KEY (store_id, prescription_id)
        REFERENCES prescriptions (store_id, id),
    CONSTRAINT prescription_images_size_integer CHECK (typeof(size) = 'integer'),
    CONSTRAINT prescription_images_size_check CHECK (size > 0)
);

CREATE INDEX prescription_images_prescription_index ON prescription_images (store_id, prescription_id, id);
CREATE UNIQUE INDEX prescription_images_file_unique ON prescription_images (file);
CREATE INDEX prescription_images_kept_index ON prescription_images (id) WHERE sealed_key IS NOT NULL;
