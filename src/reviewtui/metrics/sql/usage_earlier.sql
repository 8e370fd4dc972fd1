-- Who only looks new: users active for the first time in months that are looked at by themselves, but active earlier.
-- Reads activity, earlier_user_event, usage_kind, era_month; replaces activity.

create table newcomer as
select distinct a.user_id
from activity a
cross join (select min(month_bit) as first_bit from era_month where is_reported) m
where a.months < 4611686018427387904 and a.months & (m.first_bit - 1) = 0;

create table seen_before as
select p.code, e.user_id
from earlier_user_event e
join usage_kind p on p.kind = e.kind
where e.user_id in (select user_id from newcomer)
group by p.code, e.user_id;

create table activity_and_before as
select code, user_id, bit_or(months) as months, bit_or(last_7_days) as last_7_days, bit_or(last_30_days) as last_30_days
from (
    select code, user_id, months, last_7_days, last_30_days from activity
    union all
    select code, user_id, 4611686018427387904, 0, 0 from seen_before
) both_times
group by code, user_id;

drop table activity;

create table activity as
select * from activity_and_before;

drop table activity_and_before;

drop table seen_before;

select count(*) as pairs from activity;
