DROP TABLE code_phones;
DROP TABLE one_time_codes;
