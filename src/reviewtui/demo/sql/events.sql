-- The events of a run of months, in order of time. Variables: `from_month`, `to_month` (indexes, both included).
-- The join has a statement of its own: together with the sort of many million rows it would not fit into memory.
CREATE OR REPLACE TEMP TABLE here AS
SELECT p.*, m.month_index, m.stickiness, m.events_factor,
       greatest(first_on, month_of(m.month_index)) AS opens_on,
       least(last_on, month_of(m.month_index + 1) - 1) AS closes_on,
       draw('month:' || product || user_id || m.month_index) AS d
FROM person p JOIN plan_month m USING (product)
WHERE m.month_index BETWEEN getvariable('from_month') AND getvariable('to_month')
  AND first_on < month_of(m.month_index + 1) AND last_on >= month_of(m.month_index);

INSERT INTO event
WITH active AS (
    SELECT *, closes_on - opens_on + 1 AS days,
           month_index = getvariable('broken_event') AND product = getvariable('broken_product')
               AND chance(draw('client:' || user_id), 0) < 0.68 AS is_broken
    FROM here WHERE chance(d, 0) < stickiness
), each_one AS (
    SELECT product, month_index, user_id, org_id, opens_on, closes_on, days, is_broken,
           unnest(range(greatest(1, round(events_per_month * events_factor * (0.5 + chance(d, 1))
               * (0.25 + 0.75 * days / 30.0)))::INTEGER)) AS n
    FROM active
), drawn AS (
    SELECT *, draw('event:' || product || user_id || month_index || ':' || n) AS e FROM each_one
), dated AS (
    SELECT *, opens_on + floor(chance(e, 0) * days)::INTEGER AS drawn_on FROM drawn
), moved AS (
    -- Three in four weekend events happen on the nearest working day instead.
    SELECT *, CASE WHEN chance(e, 3) < 0.75 AND isodow(drawn_on) = 6 AND drawn_on > opens_on THEN drawn_on - 1
                   WHEN chance(e, 3) < 0.75 AND isodow(drawn_on) = 7 AND drawn_on < closes_on THEN drawn_on + 1
                   ELSE drawn_on END AS happened_on
    FROM dated
), named AS (
    SELECT product, event_name(product, month_index, floor(chance(e, 1) * 64)::INTEGER) AS event, is_broken,
           user_id, org_id,
           happened_on::TIMESTAMP
               + to_seconds((21600 + 50400 * (0.6 * chance(e, 2) + 0.4 * chance(e, 3)))::BIGINT) AS moment
    FROM moved
    UNION ALL
    SELECT o.product, o.event, false, o.user_id, o.org_id, o.moment
    FROM onboarding o
    WHERE o.moment >= month_of(getvariable('from_month')) AND o.moment < month_of(getvariable('to_month') + 1)
)
SELECT product, event, user_id, CASE WHEN NOT ends_with(user_id, '7_0') THEN org_id END, moment::TIMESTAMPTZ
FROM named
WHERE NOT (is_broken AND is_key_action(event)) AND moment < getvariable('as_of')
  AND (product <> getvariable('stopped_product') OR moment < getvariable('stopped_on'))
ORDER BY moment, user_id, event;
