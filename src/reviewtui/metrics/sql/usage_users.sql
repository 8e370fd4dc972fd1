-- Users of one portion by month: who was active, who came back, who stayed away.
-- Reads user_event, user_event_month, slot, usage_product, era_month; inserts into user_part.
-- The months a user was active in are the bits of one number, so that a single pass over the events serves every
-- metric. A run covers one era: the months that fit into the bits; `slot` and `era_month` carry the bits of it.

create table activity as
select
    e.product_id, e.user_id, bit_or(s.month_bit) as months, bit_or(s.last_7_days_bit) as last_7_days,
    bit_or(s.last_30_days_bits) as last_30_days
from user_event e
join slot s on s.slot = e.slot
where e.is_key_action
group by e.product_id, e.user_id
union all
select e.product_id, e.user_id, bit_or(m.month_bit), 0, 0
from user_event_month e
join era_month m on m.month = e.month
where e.is_key_action
group by e.product_id, e.user_id;

create table user_activity as
select p.code, a.months, a.last_7_days, a.last_30_days
from activity a
join usage_product p on p.product_id = a.product_id
union all
select 0, bit_or(months), bit_or(last_7_days), bit_or(last_30_days)
from activity
group by user_id;

drop table activity;

-- Bit by bit: how many users were active in the month, and how many of these again 1, 3 and 6 months later.
create table user_sum as
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
create table new_sum as
select u.code, m.month, count(*) as users_new
from user_activity u
join era_month m on m.place is not null and m.month_bit = u.months & -u.months
where u.months < 4611686018427387904
group by u.code, m.month;

drop table user_activity;

insert into user_part
select
    p.code, m.month, coalesce(u.unique_users, 0), coalesce(n.users_new, 0),
    coalesce(u.users_7_days, 0), coalesce(u.users_30_days, 0),
    coalesce(before_1.unique_users, 0), coalesce(before_1.back_1, 0),
    coalesce(before_3.unique_users, 0), coalesce(before_3.back_3, 0),
    coalesce(before_6.unique_users, 0), coalesce(before_6.back_6, 0)
from usage_product p
join era_month m on m.month between p.first_month and p.last_month and m.is_reported
left join user_sum u on u.code = p.code and u.month = m.month
left join user_sum before_1 on before_1.code = p.code and before_1.month = m.month - 1
left join user_sum before_3 on before_3.code = p.code and before_3.month = m.month - 3
left join user_sum before_6 on before_6.code = p.code and before_6.month = m.month - 6
left join new_sum n on n.code = p.code and n.month = m.month;

select count(*) as rows_so_far from user_part;
