-- The tenant. Tables of a tenant carry store_id and UNIQUE (store_id, id), and refer to each other by both columns, so that
-- the database itself refuses a row of one store that points at another's.
CREATE TABLE stores (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    status TEXT NOT NULL,
    timezone TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT stores_status_check CHECK (status IN ('active', 'inactive', 'blocked'))
);

-- Branches (they sell) and warehouses (they do not) share one id space.
CREATE TABLE locations (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT locations_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT locations_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT locations_kind_check CHECK (kind IN ('branch', 'warehouse')),
    CONSTRAINT locations_status_check CHECK (status IN ('active', 'inactive'))
);

CREATE UNIQUE INDEX locations_name_active_unique ON locations (store_id, kind, name_key) WHERE status = 'active';

-- A user's one working place, for good: a rehire is the same row. No store: an owner before he makes his.
CREATE TABLE workers (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT,
    user_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    branch_id BIGINT,
    salary BIGINT,
    sections_added TEXT NOT NULL,
    sections_removed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT workers_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT workers_user_id_unique UNIQUE (user_id),
    CONSTRAINT workers_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT workers_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT workers_branch_fkey FOREIGN KEY (store_id, branch_id) REFERENCES locations (store_id, id),
    CONSTRAINT workers_role_check CHECK (role IN ('owner', 'manager', 'seller', 'operator', 'courier')),
    CONSTRAINT workers_status_check CHECK (status IN ('active', 'tatil', 'ishdan_ketgan')),
    CONSTRAINT workers_store_check CHECK (store_id IS NOT NULL OR role = 'owner'),
    -- A composite key with a null part is not checked at all.
    CONSTRAINT workers_branch_check CHECK (store_id IS NOT NULL OR branch_id IS NULL),

    CONSTRAINT workers_salary_integer CHECK (typeof(salary) IN ('integer', 'null'))
);

CREATE INDEX workers_role_index ON workers (store_id, status, role);
CREATE INDEX workers_branch_index ON workers (store_id, branch_id) WHERE branch_id IS NOT NULL;

CREATE TABLE store_settings (
    store_id BIGINT NOT NULL,
    subcategory_enabled BOOLEAN NOT NULL,
    sale_return_enabled BOOLEAN NOT NULL,
    wastage_enabled BOOLEAN NOT NULL,
    stock_audit_enabled BOOLEAN NOT NULL,
    kpi_enabled BOOLEAN NOT NULL,
    price_list_enabled BOOLEAN NOT NULL,
    default_currency TEXT NOT NULL,
    show_usd_price BOOLEAN NOT NULL,
    show_rub_price BOOLEAN NOT NULL,
    show_eur_price BOOLEAN NOT NULL,
    show_cny_price BOOLEAN NOT NULL,
    allow_cash BOOLEAN NOT NULL,
    allow_card BOOLEAN NOT NULL,
    allow_debt BOOLEAN NOT NULL,
    allow_discount BOOLEAN NOT NULL,
    max_discount_percent BIGINT NOT NULL,
    receipt_header TEXT NOT NULL,
    receipt_footer TEXT NOT NULL,
    show_store_logo BOOLEAN NOT NULL,
    show_worker_name BOOLEAN NOT NULL,
    low_stock_enabled BOOLEAN NOT NULL,
    low_stock_threshold BIGINT NOT NULL,
    shift_enabled BOOLEAN NOT NULL,
    shifts_per_day BIGINT NOT NULL,
    require_cash_count BOOLEAN NOT NULL,
    telegram_enabled BOOLEAN NOT NULL,
    telegram_chat_id TEXT,
    tax_enabled BOOLEAN NOT NULL,
    tax_percent BIGINT NOT NULL,
    ofd_enabled BOOLEAN NOT NULL,
    ofd_device_id TEXT,
    ofd_token TEXT NOT NULL,
    online_enabled BOOLEAN NOT NULL,
    online_location_id BIGINT,
    cash_enabled BOOLEAN NOT NULL,
    payment_minutes BIGINT NOT NULL,
    prescription_hours BIGINT NOT NULL,
    delivery_code_required BOOLEAN NOT NULL,
    supplier_credit_enabled BOOLEAN NOT NULL,
    auto_pdf_on_smena_close BOOLEAN NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT store_settings_pkey PRIMARY KEY (store_id),
    CONSTRAINT store_settings_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT store_settings_online_location_fkey FOREIGN KEY (store_id, online_location_id)
        REFERENCES locations (store_id, id),
    CONSTRAINT store_settings_default_currency_check CHECK (default_currency IN ('UZS', 'USD', 'RUB', 'EUR', 'CNY')),

    CONSTRAINT store_settings_subcategory_enabled_boolean CHECK (subcategory_enabled IN (0, 1)),
    CONSTRAINT store_settings_sale_return_enabled_boolean CHECK (sale_return_enabled IN (0, 1)),
    CONSTRAINT store_settings_wastage_enabled_boolean CHECK (wastage_enabled IN (0, 1)),
    CONSTRAINT store_settings_stock_audit_enabled_boolean CHECK (stock_audit_enabled IN (0, 1)),
    CONSTRAINT store_settings_kpi_enabled_boolean CHECK (kpi_enabled IN (0, 1)),
    CONSTRAINT store_settings_price_list_enabled_boolean CHECK (price_list_enabled IN (0, 1)),
    CONSTRAINT store_settings_show_usd_price_boolean CHECK (show_usd_price IN (0, 1)),
    CONSTRAINT store_settings_show_rub_price_boolean CHECK (show_rub_price IN (0, 1)),
    CONSTRAINT store_settings_show_eur_price_boolean CHECK (show_eur_price IN (0, 1)),
    CONSTRAINT store_settings_show_cny_price_boolean CHECK (show_cny_price IN (0, 1)),
    CONSTRAINT store_settings_allow_cash_boolean CHECK (allow_cash IN (0, 1)),
    CONSTRAINT store_settings_allow_card_boolean CHECK (allow_card IN (0, 1)),
    CONSTRAINT store_settings_allow_debt_boolean CHECK (allow_debt IN (0, 1)),
    CONSTRAINT store_settings_allow_discount_boolean CHECK (allow_discount IN (0, 1)),
    CONSTRAINT store_settings_max_discount_percent_integer CHECK (typeof(max_discount_percent) = 'integer'),
    CONSTRAINT store_settings_show_store_logo_boolean CHECK (show_store_logo IN (0, 1)),
    CONSTRAINT store_settings_show_worker_name_boolean CHECK (show_worker_name IN (0, 1)),
    CONSTRAINT store_settings_low_stock_enabled_boolean CHECK (low_stock_enabled IN (0, 1)),
    CONSTRAINT store_settings_low_stock_threshold_integer CHECK (typeof(low_stock_threshold) = 'integer'),
    CONSTRAINT store_settings_shift_enabled_boolean CHECK (shift_enabled IN (0, 1)),
    CONSTRAINT store_settings_shifts_per_day_integer CHECK (typeof(shifts_per_day) = 'integer'),
    CONSTRAINT store_settings_require_cash_count_boolean CHECK (require_cash_count IN (0, 1)),
    CONSTRAINT store_settings_telegram_enabled_boolean CHECK (telegram_enabled IN (0, 1)),
    CONSTRAINT store_settings_tax_enabled_boolean CHECK (tax_enabled IN (0, 1)),
    CONSTRAINT store_settings_tax_percent_integer CHECK (typeof(tax_percent) = 'integer'),
    CONSTRAINT store_settings_ofd_enabled_boolean CHECK (ofd_enabled IN (0, 1)),
    CONSTRAINT store_settings_online_enabled_boolean CHECK (online_enabled IN (0, 1)),
    CONSTRAINT store_settings_cash_enabled_boolean CHECK (cash_enabled IN (0, 1)),
    CONSTRAINT store_settings_payment_minutes_integer CHECK (typeof(payment_minutes) = 'integer'),
    CONSTRAINT store_settings_prescription_hours_integer CHECK (typeof(prescription_hours) = 'integer'),
    CONSTRAINT store_settings_delivery_code_required_boolean CHECK (delivery_code_required IN (0, 1)),
    CONSTRAINT store_settings_supplier_credit_enabled_boolean CHECK (supplier_credit_enabled IN (0, 1)),
    CONSTRAINT store_settings_auto_pdf_on_smena_close_boolean CHECK (auto_pdf_on_smena_close IN (0, 1))
);

-- Numbers that count up per store, sale numbers among them: there is one writer, so nobody queues for the row.
CREATE TABLE store_counters (
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    next BIGINT NOT NULL,

    CONSTRAINT store_counters_pkey PRIMARY KEY (store_id, name),
    CONSTRAINT store_counters_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),

    CONSTRAINT store_counters_next_integer CHECK (typeof(next) = 'integer')
);
