-- Users and organisations by month: who was active, who came back, who stayed away.
-- Reads input_event, input_event_month, input_customer, slot, month, era_month, product_events, setting.
-- The months a user was active in are the bits of one number, so that a single pass over the events serves every
-- metric. A run covers one era: the months that fit into the bits; `slot` and `era_month` carry the bits of it.

create temp table activity as
select
    e.product_id, e.user_id, e.org_id,
    bit_or(case when e.is_key_action then s.month_bit else 0 end) as months,
    bit_or(case when e.is_key_action then s.last_7_days_bit else 0 end) as last_7_days,
    bit_or(case when e.is_key_action then s.last_30_days_bits else 0 end) as last_30_days
from input_event e
join slot s on s.slot = e.slot
group by e.product_id, e.user_id, e.org_id
union all
select
    e.product_id, e.user_id, e.org_id,
    bit_or(case when e.is_key_action then m.month_bit else 0 end), 0, 0
from input_event_month e
join era_month m on m.month = e.month
group by e.product_id, e.user_id, e.org_id;

-- The first and last month with data, and a small number for each product: grouping by numbers is quick.
create temp table activity_range as
select product_id, first_month, last_month, has_days, cast(row_number() over (order by product_id) as integer) as code
from usage_range
union all
select '*', min(first_month), max(last_month), bool_and(has_days), 0 from usage_range having count(*) > 0;

create temp table user_activity as
with outside as (
    select r.code, a.user_id, a.months, a.last_7_days, a.last_30_days
    from activity a
    join activity_range r on r.product_id = a.product_id
    where a.user_id is not null and a.months <> 0
        and (a.org_id is null
            or a.org_id not in (select org_id from input_customer where is_internal and org_id is not null))
)
select
    code, bit_or(months) as months, bit_or(last_7_days) as last_7_days, bit_or(last_30_days) as last_30_days
from outside
group by code, user_id
union all
select 0, bit_or(months), bit_or(last_7_days), bit_or(last_30_days)
from outside
group by user_id;

create temp table org_activity as
with outside as (
    select r.code, a.org_id, a.months
    from activity a
    join activity_range r on r.product_id = a.product_id
    where a.org_id is not null
        and a.org_id not in (select org_id from input_customer where is_internal and org_id is not null)
)
select code, bit_or(months) as months from outside group by code, org_id
union all
select 0, bit_or(months) from outside group by org_id;

drop table activity;

-- Bit by bit: how many users were active in the month, and how many of these again 1, 3 and 6 months later.
create temp table user_sum as
with masks as (
    select
        code, months, last_7_days, last_30_days,
        months & (months >> 1) as back_1, months & (months >> 3) as back_3, months & (months >> 6) as back_6
    from user_activity
)
select
    u.code, m.month,
    sum((u.months >> m.place) & 1) as unique_users,
    sum((u.last_7_days >> m.place) & 1) as users_7_days,
    sum((u.last_30_days >> m.place) & 1) as users_30_days,
    sum((u.back_1 >> m.place) & 1) as back_1,
    sum((u.back_3 >> m.place) & 1) as back_3,
    sum((u.back_6 >> m.place) & 1) as back_6
from masks u
join era_month m on m.place is not null
group by u.code, m.month;

-- New in the month of their lowest bit, unless the highest one says that they were active before the era.
create temp table new_sum as
select u.code, m.month, count(*) as users_new
from user_activity u
join era_month m on m.place is not null and m.month_bit = u.months & -u.months
where u.months < 4611686018427387904
group by u.code, m.month;

create temp table org_sum as
select o.code, m.month, sum((o.months >> m.place) & 1) as unique_orgs
from org_activity o
join era_month m on m.place is not null
group by o.code, m.month;

create temp table usage_month as
select
    r.product_id, m.month, r.has_days,
    coalesce(u.unique_users, 0) as unique_users, coalesce(o.unique_orgs, 0) as unique_orgs,
    coalesce(n.users_new, 0) as users_new, coalesce(before_1.back_1, 0) as users_returning,
    coalesce(u.unique_users, 0) - coalesce(n.users_new, 0) - coalesce(before_1.back_1, 0) as users_resurrecting,
    coalesce(before_1.back_1, 0) - coalesce(before_1.unique_users, 0) as users_dormant,
    coalesce(u.users_7_days, 0) as users_7_days, coalesce(u.users_30_days, 0) as users_30_days,
    coalesce(before_1.unique_users, 0) as cohort_1, coalesce(before_1.back_1, 0) as back_1,
    coalesce(before_3.unique_users, 0) as cohort_3, coalesce(before_3.back_3, 0) as back_3,
    coalesce(before_6.unique_users, 0) as cohort_6, coalesce(before_6.back_6, 0) as back_6
from activity_range r
join era_month m on m.month between r.first_month and r.last_month and m.is_reported
left join user_sum u on u.code = r.code and u.month = m.month
left join user_sum before_1 on before_1.code = r.code and before_1.month = m.month - 1
left join user_sum before_3 on before_3.code = r.code and before_3.month = m.month - 3
left join user_sum before_6 on before_6.code = r.code and before_6.month = m.month - 6
left join new_sum n on n.code = r.code and n.month = m.month
left join org_sum o on o.code = r.code and o.month = m.month;

drop table user_activity;

drop table org_activity;

select * from usage_month;
