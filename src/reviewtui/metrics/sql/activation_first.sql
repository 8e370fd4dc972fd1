-- When organisations first showed intent. Reads outside_intent, activation_version.

create table first_intent as
with first_of_org as (
    select product_id, org_id, min(first_intent_at_us) as intent_us, min(first_intent_at) as intent_local
    from outside_intent
    group by product_id, org_id
),
first_version as (
    select product_id, min(valid_from) as month from activation_version group by product_id
)
select
    f.product_id, f.org_id, f.intent_us,
    cast(extract(year from f.intent_local) * 12 + extract(month from f.intent_local) - 1 as integer) as month
from first_of_org f
join first_version v on v.product_id = f.product_id
where v.month <= cast(extract(year from f.intent_local) * 12 + extract(month from f.intent_local) - 1 as integer);

select product_id, max(month) as last_month from first_intent group by product_id;
