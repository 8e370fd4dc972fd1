-- Each user with one organisation and one segment, so that groups of users add up; who has several stands apart.
-- Reads drill_user and drill_member, as `drill_users.sql` makes them.

create table driver_user as
with place as (
    select distinct user_id, coalesce(org_id, '') as org_key, organisation, segment
    from drill_member
    where user_id is not null and (is_active = 1 or was_active = 1 or is_last_30 = 1)
),
only_place as (
    select
        user_id, count(distinct org_key) as orgs, count(distinct segment) as segments, min(org_key) as org_key,
        min(organisation) as organisation, min(segment) as segment
    from place
    group by user_id
)
select
    u.user_id, case when p.orgs > 1 then '*' else p.org_key end as org_key,
    case
        when p.orgs > 1 then '(several organisations)'
        when p.organisation = '' then '(no organisation)'
        else p.organisation
    end as organisation,
    case when p.segments > 1 then '(several segments)' else p.segment end as segment,
    u.is_now, u.is_before, u.is_last_7, u.is_last_30,
    case when u.is_now = 1 and u.is_before = 0 and u.is_earlier = 0 then 1 else 0 end as is_new,
    case when u.is_now = 1 and u.is_before = 1 then 1 else 0 end as is_returning,
    case when u.is_now = 1 and u.is_before = 0 and u.is_earlier = 1 then 1 else 0 end as is_resurrecting,
    case when u.is_before = 1 and u.is_now = 0 then 1 else 0 end as is_dormant
from drill_user u
join only_place p on p.user_id = u.user_id;

select count(*) as users from driver_user;
