-- Valid survey answers by day and by week. Reads input_survey_response, input_customer, drill, drill_day.

with answered as (
    select w.day, w.week, count(*) as n
    from input_survey_response r
    join drill_day w on w.day = cast(r.submitted_at as date)
    cross join drill d
    where (d.product_id = '*' or r.product_id = d.product_id)
        and r.score between 0 and 10 and r.score = floor(r.score)
        and (r.org_id is null
            or r.org_id not in (select org_id from input_customer where is_internal and org_id is not null))
    group by w.day, w.week
)
select day, week, n from answered
union all
select cast(null as date), week, sum(n) from answered group by week;
