-- The answers that a month's NPS counts: the last of each person in the 28 days that end with the month.
-- Reads input_survey_response, input_customer, drill.

create table drill_response as
with valid as (
    select r.user_id, r.org_id, r.response_id, r.submitted_at, cast(r.score as integer) as score, r.comment,
        r.product_id
    from input_survey_response r
    cross join drill d
    where r.score between 0 and 10 and r.score = floor(r.score)
        and (d.product_id = '*' or r.product_id = d.product_id)
        and cast(r.submitted_at as date) between d.first_day and d.last_day
        and date_diff('day', cast(r.submitted_at as date), d.last_day) < 28
        and (r.org_id is null
            or r.org_id not in (select org_id from input_customer where is_internal and org_id is not null))
),
ranked as (
    select *, row_number() over (
        partition by product_id, user_id order by submitted_at desc, response_id desc, score desc) as recency
    from valid
),
organisation as (
    select org_id, min(name) as name, min(segment) as segment
    from input_customer
    where org_id is not null
    group by org_id
)
select
    r.submitted_at, r.score, case when r.score >= 9 then 'promoter' when r.score <= 6 then 'detractor' else 'passive' end
        as kind,
    coalesce(o.name, r.org_id, '') as organisation, coalesce(o.segment, '') as segment,
    coalesce(r.user_id, '') as user_id, coalesce(r.response_id, '') as response_id, coalesce(r.comment, '') as comment
from ranked r
left join organisation o on o.org_id = r.org_id
where r.recency = 1 or r.user_id is null;

create table drill_segment as
select
    segment, count(*) as nps_responses,
    count(*) filter (where score >= 9) - count(*) filter (where score <= 6) as net_promoters
from drill_response
group by segment;

select count(*) as responses from drill_response;
