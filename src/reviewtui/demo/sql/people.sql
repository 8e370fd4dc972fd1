-- Organisations that use a product, from when to when; and the people in them.
CREATE TEMP TABLE org_span AS
WITH paying AS (
    SELECT product, org_id, min(started_on) AS began,
           least(max(coalesce(ends_on, getvariable('as_of') + 31)), getvariable('as_of') + 31) AS ends_on,
           max(monthly) AS monthly
    FROM copied_subscription GROUP BY product, org_id
), free AS (
    SELECT product, 'org_' || product || '_' || month_index || '_' || n AS org_id,
           month_of(month_index) + (chance(draw('free:' || product || ':' || month_index || ':' || n), 0)
               * (month_of(month_index + 1) - month_of(month_index)))::INTEGER AS began,
           draw('life:' || product || ':' || month_index || ':' || n) AS drawn
    FROM (SELECT *, unnest(range(intents)) AS n FROM plan_month)
), both_kinds AS (
    -- They look at it for some days before they buy; nobody saw a new product before its last free month.
    SELECT product, org_id,
           greatest(began - (chance(draw('looked:' || product || org_id), 0) * 12)::INTEGER,
                    CASE WHEN p.starts > 0 THEN month_of(p.starts - 1) END) AS began,
           ends_on, 1.0 + sqrt(monthly) / 12 AS size, true AS pays
    FROM paying JOIN plan_product p USING (product)
    UNION ALL
    SELECT product, org_id, began, began + 12 + (-ln(1 - chance(drawn, 0)) * 120)::INTEGER,
           1.0 + chance(drawn, 1), false
    FROM free
)
SELECT b.product, b.org_id, b.began, b.ends_on, b.pays, b.size * p.seats AS seats,
       CASE WHEN began >= getvariable('first_day') AND began < getvariable('as_of')
            THEN began::TIMESTAMP + to_minutes(400 + (chance(draw('intent:' || b.product || b.org_id), 0) * 800)::INTEGER)
       END AS intent_at,
       -- 2: meets every definition of activation; 1: only the older one; 0: none.
       CASE WHEN chance(draw('activates:' || b.product || b.org_id), 0) < m.activation + CASE WHEN pays THEN 0.15 ELSE 0 END
            THEN 2
            WHEN p.redefined AND chance(draw('activates:' || b.product || b.org_id), 1) < 0.3 THEN 1 ELSE 0 END AS activated
FROM both_kinds b
JOIN plan_product p ON p.product = b.product
JOIN plan_month m ON m.product = b.product AND m.month_index = greatest(index_of(b.began), p.starts - 1);

-- Nobody who never got going comes back: they have no people here. Paying ones start late instead.
CREATE TEMP TABLE person AS
WITH span AS (
    SELECT *, CASE WHEN pays THEN 280 ELSE 90 END AS stays,
           CASE WHEN activated < 2 OR intent_at IS NULL THEN began + 16 ELSE began + 1 END AS opens_on
    FROM org_span
    WHERE (pays OR activated > 0) AND began < getvariable('as_of')
), counted AS (
    SELECT *, greatest(1, round(seats * (greatest(ends_on - opens_on, 1) + stays) / stays))::INTEGER AS people
    FROM span
), each_one AS (
    SELECT *, unnest(range(people)) AS n FROM counted
), drawn AS (
    SELECT *, draw('person:' || product || ':' || org_id || ':' || n) AS d FROM each_one
), placed AS (
    SELECT product, org_id, replace(org_id, 'org_', 'usr_') || '_' || n AS user_id, d, ends_on,
           opens_on, CASE WHEN n = 0 THEN opens_on
                          ELSE opens_on - stays + (chance(d, 0) * (ends_on - opens_on + stays))::INTEGER END AS comes_on,
           (-ln(1 - chance(d, 1)) * stays)::INTEGER AS days
    FROM drawn
)
SELECT q.product, q.org_id, q.user_id, greatest(comes_on, opens_on) AS first_on,
       least(greatest(comes_on + days, opens_on + 6), q.ends_on) AS last_on,
       p.events_per_month * exp(0.55 * (chance(d, 2) + chance(d, 3) - 1) * 2.4) AS events_per_month
FROM placed q JOIN plan_product p USING (product)
WHERE comes_on + days >= opens_on AND comes_on < q.ends_on AND greatest(comes_on, opens_on) < getvariable('as_of');

CREATE TABLE product_intent AS
SELECT product AS product_id, org_id, intent_at::TIMESTAMPTZ AS first_intent_at
FROM org_span
WHERE intent_at IS NOT NULL AND (product <> getvariable('stopped_product') OR began < getvariable('stopped_on'))
ORDER BY intent_at, product, org_id;

-- The first fortnight of an organisation that gets going.
CREATE TEMP TABLE onboarding AS
WITH steps AS (
    SELECT o.*, s.event, unnest(range(s.count)) AS n
    FROM org_span o JOIN plan_onboarding s ON s.product = o.product AND s.activated = o.activated
    WHERE o.intent_at IS NOT NULL
)
SELECT product, event, replace(org_id, 'org_', 'usr_') || '_0' AS user_id, org_id,
       intent_at + to_seconds((1800 + chance(draw('step:' || product || org_id || event || n), 0)
           * chance(draw('step:' || product || org_id || event || n), 1) * 1000000)::BIGINT) AS moment
FROM steps;

-- Who is around in a month, numbered: where surveys and tickets find their people. Copies are left out.
CREATE TEMP TABLE around AS
SELECT product, month_index, user_id, org_id,
       row_number() OVER (PARTITION BY product, month_index ORDER BY user_id) - 1 AS n,
       count(*) OVER (PARTITION BY product, month_index) AS people
FROM person JOIN plan_month USING (product)
WHERE first_on < month_of(month_index + 1) AND last_on >= month_of(month_index) AND NOT contains(org_id, '-');
