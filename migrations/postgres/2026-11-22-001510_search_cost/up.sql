-- Making the three characters of every row is never the way to find one: said as a price, which the planner believes.
ALTER FUNCTION search_grams(BIGINT, TEXT) COST 10000;
