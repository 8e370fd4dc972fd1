-- Growth, stickiness and pooled retention, from the counts of all eras and portions.
-- Reads user_part, org_part, usage_product, month, definition_change.

insert into usage_count
with users as (
    select
        code, month, sum(unique_users) as unique_users, sum(users_new) as users_new,
        sum(users_7_days) as users_7_days, sum(users_30_days) as users_30_days,
        sum(cohort_1) as cohort_1, sum(back_1) as back_1, sum(cohort_3) as cohort_3, sum(back_3) as back_3,
        sum(cohort_6) as cohort_6, sum(back_6) as back_6
    from user_part
    group by code, month
)
select
    p.product_id, u.month, p.has_days, u.unique_users, coalesce(o.unique_orgs, 0), u.users_new,
    u.back_1, u.unique_users - u.users_new - u.back_1, u.back_1 - u.cohort_1, u.users_7_days, u.users_30_days,
    u.cohort_1, u.back_1, u.cohort_3, u.back_3, u.cohort_6, u.back_6
from usage_product p
join users u on u.code = p.code
left join org_part o on o.code = p.code and o.month = u.month;

with previous as (
    select
        u.*, m.closes_quarter,
        lag(u.unique_users) over product_months as users_before,
        lag(u.unique_orgs) over product_months as orgs_before,
        sum(u.cohort_1) over quarter as quarter_cohort_1, sum(u.back_1) over quarter as quarter_back_1,
        sum(u.cohort_3) over quarter as quarter_cohort_3, sum(u.back_3) over quarter as quarter_back_3,
        sum(u.cohort_6) over quarter as quarter_cohort_6, sum(u.back_6) over quarter as quarter_back_6,
        exists (select 1 from definition_change d where d.product_id = u.product_id and d.month = u.month
            and d.metric = 'unique_users') as users_redefined,
        exists (select 1 from definition_change d where d.product_id = u.product_id and d.month = u.month
            and d.metric = 'unique_orgs') as orgs_redefined
    from usage_count u
    join month m on m.month = u.month
    window
        product_months as (partition by u.product_id order by u.month),
        quarter as (partition by u.product_id order by u.month rows between 2 preceding and current row)
)
select
    product_id, month, unique_users, unique_orgs, users_new, users_returning, users_resurrecting, users_dormant,
    users_before, orgs_before, users_redefined, orgs_redefined, has_days,
    unique_users - users_before as user_change,
    case when not users_redefined then (unique_users - users_before) / nullif(users_before, 0) end
        as unique_users_growth,
    unique_orgs - orgs_before as org_change,
    case when not orgs_redefined then (unique_orgs - orgs_before) / nullif(orgs_before, 0) end as unique_orgs_growth,
    case when has_days then users_7_days end as users_7_days,
    case when has_days then users_30_days end as users_30_days,
    case when has_days then users_7_days / nullif(users_30_days, 0) end as wau_mau,
    quarter_back_1, quarter_cohort_1, quarter_back_3, quarter_cohort_3, quarter_back_6, quarter_cohort_6,
    case when closes_quarter then quarter_back_1 / nullif(quarter_cohort_1, 0) end as retention_1m,
    case when closes_quarter then quarter_back_3 / nullif(quarter_cohort_3, 0) end as retention_3m,
    case when closes_quarter then quarter_back_6 / nullif(quarter_cohort_6, 0) end as retention_6m
from previous;
