-- Tickets created by day and by week. Reads input_ticket, input_customer, drill, drill_day.

with created as (
    select w.day, w.week, count(*) as n
    from input_ticket t
    join drill_day w on w.day = cast(t.created_at as date)
    cross join drill d
    where (d.product_id = '*' or t.product_id = d.product_id)
        and coalesce(lower(t.status), '') not in ('merged', 'spam', 'deleted')
        and (t.org_id is null
            or t.org_id not in (select org_id from input_customer where is_internal and org_id is not null))
    group by w.day, w.week
)
select day, week, n from created
union all
select cast(null as date), week, sum(n) from created group by week;
