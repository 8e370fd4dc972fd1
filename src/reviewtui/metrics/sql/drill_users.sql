-- The users of a month by organisation: who was active then and before. `drill` gives the bounds in microseconds:
-- from_us is as far back as is needed. Reads drill_event, input_event_month, input_customer, drill.

create table drill_activity as
select
    e.user_id, e.org_id,
    max(case when e.occurred_at_us >= d.month_us then 1 else 0 end) as is_now,
    max(case when e.occurred_at_us >= d.before_us and e.occurred_at_us < d.month_us then 1 else 0 end) as is_before,
    max(case when e.occurred_at_us < d.before_us then 1 else 0 end) as is_earlier,
    max(case when e.occurred_at_us >= d.last_7_us then 1 else 0 end) as is_last_7,
    max(case when e.occurred_at_us >= d.last_30_us then 1 else 0 end) as is_last_30
from drill_event e
cross join drill d
where e.is_key_action and (d.product_id = '*' or e.product_id = d.product_id)
    and e.occurred_at_us >= d.from_us and e.occurred_at_us < d.until_us
group by e.user_id, e.org_id
union all
select
    e.user_id, e.org_id, max(case when e.month = d.month then 1 else 0 end),
    max(case when e.month = d.month - 1 then 1 else 0 end), max(case when e.month < d.month - 1 then 1 else 0 end), 0, 0
from input_event_month e
cross join drill d
where e.is_key_action and (d.product_id = '*' or e.product_id = d.product_id)
    and e.month <= d.month and (d.from_us = 0 or e.month >= d.month - 1)
group by e.user_id, e.org_id;

create table drill_user as
select
    user_id, max(is_now) as is_now, max(is_before) as is_before, max(is_earlier) as is_earlier,
    max(is_last_7) as is_last_7, max(is_last_30) as is_last_30
from drill_activity
where user_id is not null
group by user_id;

create table drill_organisation as
select org_id, min(name) as name, min(segment) as segment
from input_customer
where org_id is not null
group by org_id;

-- A user of several organisations counts in each.
create table drill_member as
select
    a.org_id, coalesce(o.name, a.org_id, '') as organisation, coalesce(o.segment, '') as segment, a.user_id,
    max(a.is_now) as is_active, max(a.is_before) as was_active, max(a.is_last_7) as is_last_7,
    max(a.is_last_30) as is_last_30,
    max(case when a.is_now = 1 and u.is_before = 0 and u.is_earlier = 0 then 1 else 0 end) as is_new,
    max(case when a.is_now = 1 and u.is_before = 1 then 1 else 0 end) as is_returning,
    max(case when a.is_now = 1 and u.is_before = 0 and u.is_earlier = 1 then 1 else 0 end) as is_resurrecting,
    max(case when a.is_before = 1 and u.is_now = 0 then 1 else 0 end) as is_dormant
from drill_activity a
left join drill_user u on u.user_id = a.user_id
left join drill_organisation o on o.org_id = a.org_id
group by 1, 2, 3, 4;

create table drill_org as
select
    organisation, segment, max(case when org_id is not null then is_active else 0 end) as orgs,
    max(case when org_id is not null then was_active else 0 end) as orgs_before,
    count(distinct case when is_active = 1 then user_id end) as users,
    count(distinct case when was_active = 1 then user_id end) as users_before,
    count(distinct case when is_new = 1 then user_id end) as users_new,
    count(distinct case when is_returning = 1 then user_id end) as users_returning,
    count(distinct case when is_resurrecting = 1 then user_id end) as users_resurrecting,
    count(distinct case when is_dormant = 1 then user_id end) as users_gone,
    count(distinct case when is_last_7 = 1 then user_id end) as users_7_days,
    count(distinct case when is_last_30 = 1 then user_id end) as users_30_days
from drill_member
group by org_id, organisation, segment;

-- By segment, every user once in each; the last row is all together, every user once.
create table drill_segment as
with scoped as (
    select segment, org_id, user_id, is_active, was_active, is_new, is_returning, is_resurrecting, is_dormant,
        is_last_7, is_last_30, false as is_all
    from drill_member
    union all
    select '', org_id, user_id, is_active, was_active, is_new, is_returning, is_resurrecting, is_dormant,
        is_last_7, is_last_30, true
    from drill_member
)
select
    segment, is_all,
    count(distinct case when is_active = 1 then user_id end) as unique_users,
    count(distinct case when was_active = 1 then user_id end) as users_before,
    count(distinct case when is_active = 1 then user_id end) - count(distinct case when was_active = 1 then user_id end)
        as user_change,
    count(distinct case when is_active = 1 then org_id end) as unique_orgs,
    count(distinct case when was_active = 1 then org_id end) as orgs_before,
    count(distinct case when is_active = 1 then org_id end) - count(distinct case when was_active = 1 then org_id end)
        as org_change,
    count(distinct case when is_new = 1 then user_id end) as users_new,
    count(distinct case when is_returning = 1 then user_id end) as users_returning,
    count(distinct case when is_resurrecting = 1 then user_id end) as users_resurrecting,
    -count(distinct case when is_dormant = 1 then user_id end) as users_dormant,
    count(distinct case when is_last_7 = 1 then user_id end) as users_7_days,
    count(distinct case when is_last_30 = 1 then user_id end) as users_30_days
from scoped
group by segment, is_all;

select count(*) as organisations from drill_org;
