-- Empty tables for the results of `usage_users.sql` and `usage_orgs.sql`, and a small number for each product: grouping
-- by numbers is quick; 0 is all products together. Reads usage_range, event_kind.

create table usage_product as
select product_id, first_month, last_month, has_days, cast(row_number() over (order by product_id) as integer) as code
from usage_range
union all
select '*', min(first_month), max(last_month), bool_and(has_days), 0 from usage_range having count(*) > 0;

-- The key actions: what an event is worth is looked up by one small number.
create table usage_kind as
select k.kind, p.code
from event_kind k
join usage_product p on p.product_id = k.product_id
where k.is_key_action;

create table user_part (
    code integer, month integer, unique_users bigint, users_new bigint, users_7_days bigint, users_30_days bigint,
    cohort_1 bigint, back_1 bigint, cohort_3 bigint, back_3 bigint, cohort_6 bigint, back_6 bigint
);

create table org_part (code integer, month integer, unique_orgs bigint);

create table usage_count (
    product_id varchar, month integer, has_days boolean, unique_users bigint, unique_orgs bigint, users_new bigint,
    users_returning bigint, users_resurrecting bigint, users_dormant bigint, users_7_days bigint, users_30_days bigint,
    cohort_1 bigint, back_1 bigint, cohort_3 bigint, back_3 bigint, cohort_6 bigint, back_6 bigint
);

select count(*) as products from usage_product;
