-- Customers and subscriptions, as many copies of the planned ones as the scale asks for.
CREATE TEMP TABLE copied_customer AS
SELECT number, copy, name, currency, is_internal,
       format('{:05d}', number) || CASE WHEN copy > 1 THEN '-' || copy ELSE '' END AS suffix
FROM (
    SELECT *, unnest(range(1, copies + 1)) AS copy
    FROM (
        SELECT *, CASE WHEN pinned THEN 1
                       ELSE floor(getvariable('scale')
                                  + chance(draw('copies:' || number), 0))::INTEGER END AS copies
        FROM plan_customer
    )
);

CREATE TEMP TABLE copied_subscription AS
SELECT s.*, c.copy, c.currency, c.is_internal,
       'cus_' || c.suffix AS customer_id,
       'org_' || c.suffix AS org_id,
       'sub_' || format('{:05d}', s.number) || CASE WHEN c.copy > 1 THEN '-' || c.copy ELSE '' END AS subscription_id,
       CASE WHEN c.copy = 1 THEN 1.0
            ELSE 0.8 + 0.4 * chance(draw('size:' || s.number || ':' || c.copy), 0) END AS size,
       (s.started_on + to_months(s.ended_after::INTEGER))::DATE AS ends_on
FROM plan_subscription s JOIN copied_customer c ON c.number = s.customer
WHERE s.started_on < getvariable('as_of');

CREATE TABLE customer AS
SELECT s.customer_id, c.name || CASE WHEN c.copy > 1 THEN ' ' || c.copy ELSE '' END AS name, s.org_id,
       min(s.started_on)::TIMESTAMP - to_minutes((chance(draw('joined:' || s.customer_id), 0) * 30000)::INTEGER)
           AS created_at,
       CASE WHEN max(s.monthly) >= 4000 THEN 'enterprise' WHEN max(s.monthly) >= 800 THEN 'business' ELSE 'team' END
           AS segment,
       c.is_internal
FROM copied_subscription s JOIN copied_customer c ON s.customer_id = 'cus_' || c.suffix
GROUP BY s.customer_id, c.name, c.copy, s.org_id, c.is_internal
ORDER BY s.customer_id;

CREATE TABLE subscription AS
SELECT subscription_id, customer_id, product AS product_id, started_on,
       CASE WHEN ends_on < getvariable('as_of') THEN ends_on END AS ended_on,
       CASE WHEN ends_on < getvariable('as_of') THEN 'canceled'
            WHEN monthly = 0 THEN 'trialing' ELSE 'active' END AS status,
       CASE WHEN NOT annual AND monthly > 0 AND chance(draw('limit:' || subscription_id), 0) < 0.06
            THEN (round(monthly * size / 100) * 180 + 200)::DECIMAL(18, 4) END AS billing_limit
FROM copied_subscription
ORDER BY subscription_id;
