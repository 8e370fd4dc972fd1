-- Survey answers. Promoters, passives and detractors follow the month's wanted score; comments follow the answer.
CREATE TABLE survey_response AS
WITH asked AS (
    SELECT product, month_index, nps, unnest(range(responses)) AS n FROM plan_month
), drawn AS (
    SELECT *, draw('survey:' || product || month_index || ':' || n) AS d,
           draw('answer:' || product || month_index || ':' || n) AS a
    FROM asked
), dated AS (
    SELECT *, month_of(month_index)::TIMESTAMP
               + to_seconds((chance(d, 0) * 86400 * (month_of(month_index + 1) - month_of(month_index)))::BIGINT) AS moment,
           CASE WHEN chance(a, 0) < (0.72 + nps) / 2 THEN 'promoter'
                WHEN chance(a, 0) < (0.72 + nps) / 2 + 0.28 THEN 'passive' ELSE 'detractor' END AS grade
    FROM drawn
), scored AS (
    SELECT *, CASE grade WHEN 'promoter' THEN 9 + (chance(a, 1) < 0.55)::INTEGER
                         WHEN 'passive' THEN 7 + (chance(a, 1) < 0.6)::INTEGER
                         ELSE floor(6.99 * sqrt(chance(a, 1)))::INTEGER END AS score,
           CASE WHEN grade = 'detractor' AND month_index = getvariable('nps_dip') AND product = getvariable('nps_dip_product')
                    AND chance(d, 1) < 0.8 THEN 'nps_dip'
                WHEN chance(d, 1) < CASE grade WHEN 'detractor' THEN 0.62 ELSE 0.34 END THEN grade END AS said
    FROM dated
), voiced AS (
    SELECT s.*, w.user_id, w.org_id, c.texts[1 + floor(chance(a, 3) * len(c.texts))::INTEGER] AS comment
    FROM scored s
    JOIN around w ON w.product = s.product AND w.month_index = s.month_index AND w.n = floor(chance(d, 2) * w.people)
    LEFT JOIN plan_comment c ON c.product = s.product AND c.said = s.said
)
SELECT 'ans_' || product || '_' || format('{:02d}', month_index + 1) || '_' || format('{:03d}', n) AS response_id,
       product AS product_id, 'nps_' || product AS survey_id,
       CASE WHEN chance(a, 2) < 0.04 THEN NULL ELSE user_id END AS user_id, org_id,
       moment::TIMESTAMPTZ AS submitted_at,
       score::TINYINT AS score, comment
FROM voiced
WHERE moment < getvariable('as_of')
ORDER BY moment, response_id;
