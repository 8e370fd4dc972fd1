-- Metered usage a day, and what it is worth. Customers on monthly plans have rows of their own in the latest months, where
-- open periods are forecast from them; earlier days and annual plans are one row a product and region.
CREATE TEMP TABLE earning AS
SELECT p.product, p.customer_id, p.annual, p.period_start, p.period_end,
       CASE WHEN p.currency = 'EUR' THEN 'eu' ELSE 'us' END AS region,
       (p.amount * coalesce(f.rate_to_base, 1))::DECIMAL(18, 4) AS dollars
FROM period p
LEFT JOIN fx_rate f ON f.currency = p.currency AND f.month = date_trunc('month', p.period_start)
WHERE p.amount > 0 AND p.period_start < getvariable('as_of');

CREATE TEMP MACRO rhythm(day) AS CASE WHEN isodow(day) >= 6 THEN 0.62 ELSE 1.152 END;

CREATE TEMP MACRO noise(product, customer_id, day) AS
    0.85 + 0.3 * chance(draw('day:' || product || customer_id || day), 0);

CREATE TABLE usage_day (
    product_id VARCHAR, day DATE, unit VARCHAR, volume DOUBLE, revenue DECIMAL(18, 4), customer_id VARCHAR, region VARCHAR
);
