-- Pseudo-random numbers that depend on the seed and a key only: the same whatever the thread, the order or the run.
CREATE TEMP MACRO draw(key) AS md5_number_lower(getvariable('seed')::VARCHAR || ':' || key);

-- One of four independent numbers in [0, 1) of a draw; `place` is 0 to 3.
CREATE TEMP MACRO chance(drawn, place) AS ((drawn >> (16 * place)) & 65535)::DOUBLE / 65536;

-- About normal, from -2 to 2, with standard deviation 2/3.
CREATE TEMP MACRO bell(drawn) AS (chance(drawn, 0) + chance(drawn, 1) + chance(drawn, 2) + chance(drawn, 3) - 2) * 1.15;

CREATE TEMP MACRO month_of(month_index) AS (getvariable('first_day') + to_months(month_index::INTEGER))::DATE;

CREATE TEMP MACRO index_of(day) AS (datediff('month', getvariable('first_day'), day));
