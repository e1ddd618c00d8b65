-- For the job that takes the summaries of all stores anew once their days have turned.
CREATE INDEX stock_levels_nearest_expiry_index ON stock_levels (nearest_expiry, store_id) WHERE nearest_expiry IS NOT NULL;
