-- Users by day and by week. Reads drill_event, drill, drill_day.

with bounds as (
    select min(from_us) as from_us, max(until_us) as until_us from drill_day
),
seen as (
    select distinct d.day, d.week, e.user_id
    from (
        select e.user_id, e.occurred_at_us
        from drill_event e
        cross join drill d
        cross join bounds b
        where e.is_key_action and e.user_id is not null and (d.product_id = '*' or e.product_id = d.product_id)
            and e.occurred_at_us >= b.from_us and e.occurred_at_us < b.until_us
    ) e
    join drill_day d on e.occurred_at_us >= d.from_us and e.occurred_at_us < d.until_us
)
select day, week, count(*) as n from seen group by day, week
union all
select cast(null as date), week, count(distinct user_id) from seen group by week;
