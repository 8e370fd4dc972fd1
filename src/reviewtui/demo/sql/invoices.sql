-- Invoice lines and refunds. Monthly periods are invoiced when they end, annual ones when they begin.
CREATE TEMP TABLE period AS
SELECT s.subscription_id, s.number, s.customer, s.customer_id, s.product, s.annual, s.currency, s.addon_sku, s.copy,
       s.is_internal,
       p.first, p.months, s.ends_on,
       (s.started_on + to_months(p.first::INTEGER))::DATE AS period_start,
       (s.started_on + to_months((p.first + p.months)::INTEGER))::DATE AS period_end,
       round(p.amount * s.size, k.decimals) AS amount,
       CASE WHEN s.addon_sku = '' THEN 0 ELSE round(p.amount * s.size * s.addon_share, k.decimals) END AS addon,
       k.decimals,
       draw('period:' || s.subscription_id || ':' || p.first) AS drawn
FROM copied_subscription s
JOIN plan_period p ON p.subscription = s.number
JOIN plan_currency k ON k.currency = s.currency;

CREATE TEMP TABLE billed AS
SELECT *, 'inv_' || format('{:05d}', number) || '_' || format('{:03d}', first)
           || CASE WHEN copy > 1 THEN '-' || copy ELSE '' END AS invoice_id,
       CASE WHEN annual THEN period_start ELSE period_end END AS issued_on,
       -- An upgrade in the middle of a monthly period: the rest of the old plan back, the rest of the new one on top.
       CASE WHEN NOT annual AND amount > 50 AND chance(drawn, 0) < 0.022
            THEN round(amount * 0.12, decimals) ELSE 0 END AS upgrade
FROM period
WHERE CASE WHEN annual THEN period_start ELSE period_end END < getvariable('as_of');

CREATE TEMP TABLE line AS
SELECT invoice_id, 1 AS place, sku, 'recurring' AS kind, period_start, period_end, amount - addon - upgrade AS amount,
       'plan' AS why
FROM billed JOIN plan_sku ON plan_sku.product = billed.product
UNION ALL
SELECT invoice_id, 2, addon_sku, 'recurring', period_start, period_end, addon, 'addon' FROM billed WHERE addon > 0
UNION ALL
SELECT invoice_id, 3, sku, 'recurring', period_end - 11, period_end, -upgrade, 'credit'
FROM billed JOIN plan_sku ON plan_sku.product = billed.product WHERE upgrade > 0
UNION ALL
SELECT invoice_id, 4, sku, 'recurring', period_end - 11, period_end, 2 * upgrade, 'upgrade'
FROM billed JOIN plan_sku ON plan_sku.product = billed.product WHERE upgrade > 0
UNION ALL
SELECT invoice_id, 5, 'tax', 'tax', period_start, period_end,
       round(amount * CASE currency WHEN 'EUR' THEN 0.20 ELSE 0.10 END, decimals), 'tax'
FROM billed WHERE amount > 0 AND (currency = 'JPY' OR currency = 'EUR' AND customer % 2 = 0)
UNION ALL
SELECT invoice_id, 6, 'setup', 'one_off', issued_on, issued_on, round(amount / months * 0.5, decimals), 'setup'
FROM billed WHERE amount > 0 AND first <= 1 AND issued_on >= getvariable('first_day') AND chance(drawn, 1) < 0.30;

CREATE TABLE invoice_line AS
WITH invoice AS (
    SELECT *, issued_on + (chance(drawn, 2) * chance(drawn, 3) * 26)::INTEGER AS pays_on,
           -- Now and then the last invoice of a customer who leaves is never paid.
           ends_on = period_end AND chance(drawn, 3) < 0.02 AS is_lost
    FROM billed
), written AS (
    SELECT i.invoice_id || '_' || l.place AS line_id, i.invoice_id, i.customer_id, i.subscription_id,
           i.product AS product_id, l.sku, l.kind, l.period_start, l.period_end, l.amount, i.currency,
           CASE WHEN i.is_lost THEN 'uncollectible' WHEN i.pays_on < getvariable('as_of') THEN 'paid'
                ELSE 'open' END AS status,
           CASE WHEN NOT i.is_lost AND i.pays_on < getvariable('as_of') THEN i.pays_on END AS paid_on
    FROM line l JOIN invoice i USING (invoice_id)
    UNION ALL
    -- A mistake that was taken back: the invoice exists a second time, void.
    SELECT i.invoice_id || '_v' || l.place, i.invoice_id || '_v', i.customer_id, i.subscription_id, i.product, l.sku,
           l.kind, l.period_start, l.period_end, l.amount * 2, i.currency, 'void', NULL
    FROM line l JOIN invoice i USING (invoice_id)
    WHERE chance(i.drawn, 1) >= 0.993
)
SELECT line_id, invoice_id, customer_id, CASE WHEN kind <> 'one_off' THEN subscription_id END AS subscription_id,
       product_id, sku, kind, period_start, period_end, amount::DECIMAL(18, 4) AS amount, currency, status, paid_on
FROM written
ORDER BY period_end, line_id;

CREATE TABLE refund AS
WITH small AS (
    SELECT 'ref_' || substr(invoice_id, 5) AS refund_id, invoice_id, customer_id, product AS product_id,
           issued_on + 3 + (chance(drawn, 2) * 30)::INTEGER AS refunded_on,
           round((amount / months) * CASE WHEN chance(drawn, 3) < 0.4 THEN 1 ELSE 0.35 END, decimals) AS amount, currency
    FROM billed
    WHERE amount > 0 AND NOT is_internal AND chance(drawn, 0) >= 0.991
), large AS (
    SELECT 'ref_double_charge' AS refund_id, invoice_id, customer_id, product AS product_id,
           month_of(getvariable('big_refund')) + 11 AS refunded_on, round(p.mrr * 0.028 * getvariable('scale'), 2),
           b.currency
    FROM billed b JOIN plan_mrr p USING (product)
    WHERE p.month_index = getvariable('big_refund') AND b.product = getvariable('big_refund_product')
      AND b.currency = 'USD' AND NOT b.is_internal AND index_of(b.issued_on) = getvariable('big_refund') - 1
      AND b.customer <> 1
    ORDER BY b.amount DESC, b.invoice_id
    LIMIT 1
)
SELECT refund_id, invoice_id, customer_id, product_id, refunded_on, amount::DECIMAL(18, 4) AS amount, currency
FROM (FROM small UNION ALL FROM large)
WHERE refunded_on >= getvariable('first_day') AND refunded_on < getvariable('as_of')
ORDER BY refunded_on, refund_id;

CREATE TABLE fx_rate AS
SELECT month_of(month_index) AS month, currency, rate_to_base FROM plan_fx ORDER BY ALL;

DROP TABLE line;
DROP TABLE billed;
