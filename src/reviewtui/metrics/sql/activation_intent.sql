-- Who has to be activated, and until when, of the months to compute.
-- Reads first_intent, activation_begin, activation_version, setting.

create table intent as
with versioned as (
    select d.product_id, d.org_id, d.month, d.intent_us, max(v.valid_from) as valid_from
    from first_intent d
    join activation_begin b on d.month >= b.month
    join activation_version v on v.product_id = d.product_id and v.valid_from <= d.month
    group by d.product_id, d.org_id, d.month, d.intent_us
)
select
    d.product_id, d.org_id, d.month, d.intent_us, d.valid_from, d.intent_us + v.window_us as until_us,
    d.intent_us + v.window_us > s.as_of_us as is_immature,
    row_number() over (order by d.product_id, d.org_id) as number
from versioned d
join activation_version v on v.product_id = d.product_id and v.valid_from = d.valid_from
cross join setting s;

create table criterion_met as
select product_id, org_id, cast(0 as integer) as criterion from intent where 1 = 0;

select count(*) as intents from intent;
