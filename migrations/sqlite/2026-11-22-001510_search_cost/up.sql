-- Nothing here: what PostgreSQL is told of a function of its own has no counterpart.
SELECT 1;
