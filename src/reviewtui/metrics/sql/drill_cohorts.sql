-- The cohorts that usage retention pools: users active in a month, and again some months later. `drill_bounds` has one row
-- a month that is looked at.
-- Reads drill_event, input_event_month, drill, drill_bounds.

create table drill_seen as
select distinct b.month, e.user_id
from drill_event e
join drill_bounds b on e.occurred_at_us >= b.from_us and e.occurred_at_us < b.until_us
cross join drill d
where e.is_key_action and e.user_id is not null and e.product_id = d.product_id
union
select distinct e.month, e.user_id
from input_event_month e
join drill_bounds b on b.month = e.month
cross join drill d
where e.is_key_action and e.user_id is not null and e.product_id = d.product_id;

create table drill_cohort as
select c.month, count(*) as users, count(r.user_id) as users_again
from drill_seen c
cross join drill d
left join drill_seen r on r.user_id = c.user_id and r.month = c.month + d.lag
where c.month between d.month - d.lag - 2 and d.month - d.lag
group by c.month;

select count(*) as cohorts from drill_cohort;
