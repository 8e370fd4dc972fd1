-- The metered usage of a run of months. Variables: `from_month`, `to_month` (indexes, both included).
INSERT INTO usage_day
WITH pooled AS (
    SELECT product, region, annual, period_start, period_end, sum(dollars) AS dollars
    FROM earning
    WHERE period_end > month_of(getvariable('from_month')) AND period_start < month_of(getvariable('to_month') + 1)
      AND (annual OR period_start < getvariable('metered_from'))
    GROUP BY ALL
), pooled_day AS (
    SELECT *, unnest(generate_series(greatest(period_start, month_of(getvariable('from_month'))),
                                     least(period_end, month_of(getvariable('to_month') + 1)) - 1, INTERVAL 1 DAY))::DATE
               AS day
    FROM pooled
), pooled_sum AS (
    SELECT product, day, region,
           sum((dollars / (period_end - period_start) * rhythm(day))::DECIMAL(18, 4)) AS revenue
    FROM pooled_day WHERE annual OR day < getvariable('metered_from') GROUP BY ALL
), own AS (
    -- A day's part of its period: weights of all its days, so that the days add up to the invoice.
    SELECT product, customer_id, region, dollars, period_start,
           list_transform(range(period_end - period_start), lambda n:
               (1000 * rhythm(period_start + n::INTEGER) * noise(product, customer_id, period_start + n::INTEGER))::BIGINT)
               AS weights
    FROM earning
    WHERE NOT annual AND period_end > getvariable('metered_from')
      AND period_end > month_of(getvariable('from_month')) AND period_start < month_of(getvariable('to_month') + 1)
), own_day AS (
    SELECT product, customer_id, region, dollars::DOUBLE / list_sum(weights) AS dollars_by_weight,
           unnest(weights) AS weight, period_start + unnest(range(len(weights)))::INTEGER AS day
    FROM own
), every_row AS (
    SELECT product, day, region, NULL AS customer_id, revenue FROM pooled_sum
    UNION ALL
    SELECT product, day, region, customer_id, (dollars_by_weight * weight)::DECIMAL(18, 4)
    FROM own_day WHERE day >= getvariable('metered_from')
)
SELECT product, day, unit_of(product),
       round(revenue::DOUBLE * units_per_dollar(product)
           * (0.94 + 0.12 * chance(draw('volume:' || product || day || coalesce(customer_id, region)), 0))),
       revenue, customer_id, region
FROM every_row
WHERE day < getvariable('as_of') AND day >= month_of(getvariable('from_month'))
  AND day < month_of(getvariable('to_month') + 1)
ORDER BY day, product, region, customer_id, revenue;
