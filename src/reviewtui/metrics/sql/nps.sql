-- Net promoter score of the last 28 days of each month, with its 95 % interval (adjusted Wald, Rocks 2016).
-- Reads input_survey_response, input_customer, month, setting.
-- The 28 days that end on a month's last day never reach into the month before.

with valid as (
    select
        product_id, user_id, response_id, submitted_at, cast(score as integer) as score,
        cast(extract(year from submitted_at) * 12 + extract(month from submitted_at) - 1 as integer) as month,
        cast(submitted_at as date) as day
    from input_survey_response
    where score between 0 and 10 and score = floor(score)
        and (org_id is null
            or org_id not in (select org_id from input_customer where is_internal and org_id is not null))
),
in_window as (
    select
        v.product_id, v.month, v.score, v.user_id,
        row_number() over (
            partition by v.product_id, v.month, v.user_id
            order by v.submitted_at desc, v.response_id desc, v.score desc
        ) as recency
    from valid v
    join month m on m.month = v.month
    where date_diff('day', v.day, m.last_day) < 28
),
person as (
    select product_id, month, score from in_window where recency = 1 or user_id is null
),
pooled as (
    select product_id, month, score from person
    union all
    select '*', month, score from person
),
counted as (
    select
        product_id, month, count(*) as nps_responses,
        count(*) filter (where score >= 9) as promoters,
        count(*) filter (where score <= 6) as detractors
    from pooled
    group by product_id, month
),
span as (
    select
        product_id,
        min(cast(extract(year from submitted_at) * 12 + extract(month from submitted_at) - 1 as integer)) as first_month,
        max(cast(extract(year from submitted_at) * 12 + extract(month from submitted_at) - 1 as integer)) as last_month
    from input_survey_response
    group by product_id
),
spans as (
    select product_id, first_month, last_month from span
    union all
    select '*', min(first_month), max(last_month) from span having count(*) > 0
),
dense as (
    select
        s.product_id, m.month, coalesce(c.nps_responses, 0) as nps_responses,
        coalesce(c.promoters, 0) as promoters, coalesce(c.detractors, 0) as detractors
    from spans s
    join month m on m.month between s.first_month and s.last_month
    cross join setting t
    left join counted c on c.product_id = s.product_id and c.month = m.month
    where m.month <= t.current_month
),
adjusted as (
    select
        *,
        cast(nps_responses + 3 as double) as adjusted_n,
        (promoters + 0.75e0) / (nps_responses + 3) as adjusted_promoters,
        (detractors + 0.75e0) / (nps_responses + 3) as adjusted_detractors
    from dense
),
interval_ends as (
    select
        *,
        adjusted_promoters - adjusted_detractors as centre,
        1.96e0 * sqrt((adjusted_promoters + adjusted_detractors
            - (adjusted_promoters - adjusted_detractors) * (adjusted_promoters - adjusted_detractors)) / adjusted_n)
            as half_width
    from adjusted
)
select
    product_id, month, nps_responses, promoters, detractors, promoters - detractors as net_promoters,
    100e0 * (promoters - detractors) / nullif(nps_responses, 0) as nps,
    case when nps_responses > 0 then greatest(-100e0, 100e0 * (centre - half_width)) end as nps_low,
    case when nps_responses > 0 then least(100e0, 100e0 * (centre + half_width)) end as nps_high
from interval_ends;
