DROP TABLE store_counters;
DROP TABLE store_settings;
DROP TABLE workers;
DROP TABLE locations;
DROP TABLE stores;
