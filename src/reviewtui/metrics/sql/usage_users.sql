-- Users of one portion by month: who was active, who came back, who stayed away.
-- Reads user_activity, usage_product, era_month; inserts into user_part.

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
