-- Tickets, what happened to them, and the holidays on which nobody answers.
CREATE TABLE holiday AS
SELECT 'company' AS calendar, make_date(y::INTEGER, m, d) AS day
FROM (SELECT unnest(range(year(getvariable('first_day')), year(getvariable('as_of')) + 2)) AS y),
     (VALUES (1, 1), (5, 1), (12, 24), (12, 25), (12, 26)) AS days(m, d)
ORDER BY day;

-- A moment some working hours after another: weekends do not count.
CREATE TEMP MACRO working(moment) AS CASE isodow(moment) WHEN 6 THEN date_trunc('day', moment) + to_hours(54)
                                               WHEN 7 THEN date_trunc('day', moment) + to_hours(31) ELSE moment END;
CREATE TEMP MACRO weekends(moment, hours) AS
    floor((isodow(moment) - 1 + hour(moment) / 24.0 + hours / 24.0) / 5)::INTEGER;
CREATE TEMP MACRO later(moment, hours) AS
    working(moment) + to_seconds((hours * 3600)::BIGINT) + to_days(2 * weekends(working(moment), hours));

CREATE TEMP TABLE written_ticket AS
WITH asked AS (
    SELECT product, month_index, slowness, unnest(range(tickets)) AS n FROM plan_month
), drawn AS (
    SELECT *, draw('ticket:' || product || month_index || ':' || n) AS a,
           draw('reply:' || product || month_index || ':' || n) AS b,
           draw('then:' || product || month_index || ':' || n) AS c
    FROM asked
), dated AS (
    SELECT *, month_of(month_index) + floor(chance(a, 0) * (month_of(month_index + 1) - month_of(month_index)))::INTEGER
               AS day,
           CASE WHEN chance(a, 1) < 0.16 THEN 'high' WHEN chance(a, 1) < 0.76 THEN 'normal' ELSE 'low' END AS priority
    FROM drawn
), created AS (
    SELECT *, CASE WHEN isodow(day) >= 6 AND chance(a, 2) < 0.7 AND day_of_week_fits THEN day - 2 ELSE day END::TIMESTAMP
               + to_seconds((25200 + 43200 * (chance(a, 3) + chance(b, 3)) / 2)::BIGINT) AS created_at,
           slowness * CASE priority WHEN 'high' THEN 3.2 WHEN 'normal' THEN 8.5 ELSE 22 END * exp(1.05 * bell(b)) AS wait
    FROM (SELECT *, day(day) > 2 AS day_of_week_fits FROM dated)
), replied AS (
    SELECT *, CASE WHEN chance(c, 0) < 0.985 THEN later(created_at, wait) END AS first_reply_at FROM created
), escalated AS (
    SELECT *, CASE WHEN chance(c, 1) < CASE priority WHEN 'high' THEN 0.22 WHEN 'normal' THEN 0.09 ELSE 0.02 END
                   THEN later(first_reply_at, 2 + 20 * chance(c, 2)) END AS escalated_at,
           CASE WHEN priority = 'normal' AND chance(c, 3) < 0.2 THEN 'high' ELSE priority END AS escalation_priority
    FROM replied
), answered AS (
    SELECT *, later(escalated_at, slowness * CASE escalation_priority WHEN 'high' THEN 18 ELSE 34 END
                        * exp(0.95 * bell(draw('escalation:' || product || month_index || ':' || n)))) AS escalation_reply_at
    FROM escalated
)
SELECT *, 'tic_' || product || '_' || format('{:02d}', month_index + 1) || '_' || format('{:03d}', n) AS ticket_id,
       CASE WHEN chance(b, 0) < 0.5 AND escalated_at IS NULL THEN later(first_reply_at, 1 + 30 * chance(b, 1)) END
           AS asked_again_at,
       coalesce(escalation_reply_at, later(first_reply_at, 4 + 90 * chance(b, 2) * chance(a, 2) + 40)) AS solved_at
FROM answered;

-- What is not known yet on the day of the export, the last one of a product whose export has stopped.
CREATE TEMP MACRO exported(product) AS
    CASE WHEN product = getvariable('stopped_product') THEN getvariable('stopped_on') ELSE getvariable('as_of') END;
CREATE TEMP MACRO known(moment, product) AS CASE WHEN moment < exported(product) THEN moment END;

CREATE TABLE ticket AS
SELECT t.ticket_id, t.product AS product_id, w.org_id, w.user_id AS requester_id,
       CASE WHEN chance(c, 2) < 0.6 THEN 'email' WHEN chance(c, 2) < 0.92 THEN 'chat' ELSE 'community' END AS channel,
       created_at::TIMESTAMPTZ AS created_at, priority, known(first_reply_at, t.product)::TIMESTAMPTZ AS first_reply_at,
       known(escalated_at, t.product)::TIMESTAMPTZ AS escalated_at,
       CASE WHEN known(escalated_at, t.product) IS NOT NULL THEN escalation_priority END AS escalation_priority,
       known(escalation_reply_at, t.product)::TIMESTAMPTZ AS escalation_reply_at,
       known(solved_at, t.product)::TIMESTAMPTZ AS solved_at,
       CASE WHEN chance(b, 3) < 0.012 THEN 'spam' WHEN chance(b, 3) < 0.03 THEN 'merged'
            WHEN chance(b, 3) < 0.034 THEN 'deleted' WHEN known(solved_at, t.product) IS NOT NULL THEN 'solved'
            WHEN known(first_reply_at, t.product) IS NOT NULL THEN 'pending' ELSE 'open' END AS status
FROM written_ticket t
JOIN around w ON w.product = t.product AND w.month_index = t.month_index AND w.n = floor(chance(b, 0) * w.people)
WHERE created_at < exported(t.product)
ORDER BY created_at, ticket_id;

CREATE TABLE ticket_event AS
WITH step AS (
    SELECT ticket_id, created_at AS moment, 'status' AS kind, 'open' AS value, 0 AS place FROM written_ticket
    UNION ALL SELECT ticket_id, first_reply_at, 'public_reply', 'agent', 1 FROM written_ticket
    UNION ALL SELECT ticket_id, first_reply_at, 'status', 'pending', 2 FROM written_ticket
    UNION ALL SELECT ticket_id, escalated_at, 'priority', escalation_priority, 3 FROM written_ticket
              WHERE escalation_priority <> priority AND escalated_at IS NOT NULL
    UNION ALL SELECT ticket_id, escalated_at, 'escalate', escalation_priority, 4 FROM written_ticket
    UNION ALL SELECT ticket_id, escalation_reply_at, 'public_reply', 'agent', 5 FROM written_ticket
    UNION ALL SELECT ticket_id, asked_again_at, 'customer_reply', NULL, 6 FROM written_ticket
              WHERE asked_again_at < solved_at
    UNION ALL SELECT ticket_id, asked_again_at, 'status', 'open', 7 FROM written_ticket WHERE asked_again_at < solved_at
    UNION ALL SELECT ticket_id, least(later(asked_again_at, slowness * 11 * exp(1.05 * bell(c))), solved_at),
                     'public_reply', 'agent', 8 FROM written_ticket WHERE asked_again_at < solved_at
    UNION ALL SELECT ticket_id, solved_at, 'status', 'solved', 9 FROM written_ticket
)
SELECT ticket_id, moment::TIMESTAMPTZ AS "at", kind, value
FROM step JOIN ticket USING (ticket_id)
WHERE moment < exported(product_id)
ORDER BY moment, ticket_id, place;
