-- The cloud bill a day, and who kept the query cluster busy.
CREATE TABLE cost_line AS
WITH day AS (
    SELECT unnest(generate_series(getvariable('first_day'), getvariable('as_of') - 1, INTERVAL 1 DAY))::DATE AS day
), driver AS (
    SELECT s.name, m.month_index,
           sum((m.mrr * s.share * (1 + s.growth * m.month_index / 36.0) * getvariable('scale'))::DECIMAL(18, 4)) AS monthly
    FROM plan_service s JOIN plan_mrr m ON list_contains(s.products, m.product)
    GROUP BY ALL
), usage AS (
    SELECT d.day, s.name, s.component, r.region,
           CASE WHEN s.name = getvariable('untagged_service')
                     AND index_of(d.day) BETWEEN getvariable('untagged_first') AND getvariable('untagged_last')
                THEN [] ELSE s.tags END AS tags,
           v.monthly::DOUBLE / 30.4 * r.share
               * CASE WHEN s.component = 'storage' THEN 1 WHEN isodow(d.day) >= 6 THEN 0.88 ELSE 1.048 END
               * (0.96 + 0.08 * chance(draw('cost:' || s.name || r.region || d.day), 0)) AS amount
    FROM day d CROSS JOIN plan_service s CROSS JOIN plan_region r
    JOIN driver v ON v.name = s.name AND v.month_index = index_of(d.day)
), written AS (
    SELECT 'cost_' || name || '_' || region || '_' || strftime(day, '%Y%m%d') AS line_id, day, name AS service, tags,
           component, region, 'Usage' AS charge_category, amount FROM usage
    UNION ALL
    SELECT 'tax_' || strftime(date_trunc('month', day), '%Y%m') || '_' || region, date_trunc('month', day)::DATE,
           'tax', [], 'tax', region, 'Tax', round(sum(amount::DECIMAL(18, 4)) * 0.01, 2)::DOUBLE
    FROM usage GROUP BY date_trunc('month', day), region
    UNION ALL
    SELECT 'credit_' || strftime(day, '%Y%m'), day, 'forms-files', ['forms'], 'storage', 'us', 'Credit', -amount * 6
    FROM usage WHERE name = 'forms-files' AND region = 'us' AND day(day) = 3 AND month(day) % 6 = 0
)
SELECT line_id, day, service, tags, component, region, charge_category, amount::DECIMAL(18, 4) AS amount, 'USD' AS currency
FROM written
ORDER BY day, line_id;

CREATE TABLE query_log AS
WITH day AS (
    SELECT unnest(generate_series(getvariable('first_day'), getvariable('as_of') - 1, INTERVAL 1 DAY))::DATE AS day
), used AS (
    SELECT d.day, r.region, f.product, f.feature,
           m.mrr * f.weight * r.share * getvariable('scale') * CASE WHEN isodow(d.day) >= 6 THEN 0.5 ELSE 1.2 END
               * (0.9 + 0.2 * chance(draw('query:' || f.product || f.feature || r.region || d.day), 0)) AS load
    FROM day d CROSS JOIN plan_region r CROSS JOIN plan_feature f
    JOIN plan_mrr m ON m.product = f.driver AND m.month_index = index_of(d.day)
)
SELECT day, region, product, feature, round(load * 0.4, 3) AS cpu_seconds,
       (load * 2000000)::BIGINT AS read_bytes, greatest(1, (load * 0.05)::BIGINT) AS queries
FROM used
ORDER BY day, region, product, feature;
