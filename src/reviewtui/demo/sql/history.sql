-- Numbers that no raw table holds: a hand-kept score, a spreadsheet's history, and a name that is no markup.
CREATE TABLE metric_value AS
SELECT product AS product_id, month_of(month_index) AS month, metric, value, n, source,
       (month_of(month_index + 1) + 4)::TIMESTAMPTZ AS imported_at
FROM (
    SELECT product, month_index, 'roadmap_confidence' AS metric,
           round(3.4 + 0.02 * month_index + 0.5 * bell(draw('roadmap:' || product || month_index)), 1) AS value,
           NULL::DOUBLE AS n, 'team survey' AS source
    FROM plan_month WHERE product IN ('forms', 'flows') AND month_index BETWEEN 12 AND 35
    UNION ALL
    SELECT product, month_index, 'nps', round(30 + 8 * bell(draw('old score:' || month_index))), 40 + month_index,
           'old spreadsheet'
    FROM plan_month WHERE product = 'forms' AND month_index BETWEEN 0 AND getvariable('survey_starts') - 1
    UNION ALL
    SELECT product, month_index, 'docs score [0-10]', month_index - 28, NULL, 'by hand'
    FROM plan_month WHERE product = 'texts' AND month_index BETWEEN 30 AND 35
)
ORDER BY product_id, metric, month;
